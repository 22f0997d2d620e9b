import { JsonReader } from '../interactions/read-json.ts';
import { ReferenceDataError } from '../interactions/reference-data.ts';
import type { NameData } from '../names/lexicon.ts';

/** Raised when a reader of today would misunderstand a pack. */
export const PACK_SCHEMA = 1;

export const PACK_FORMATS = ['rxnorm-rrf', 'drugsatfda', 'pairs-csv'] as const;
export type PackFormat = (typeof PACK_FORMATS)[number];

/** A deployer's own names and rules: one part for each format that was imported, newest wins as a whole. */
export interface ReferencePack {
  readonly schema: typeof PACK_SCHEMA;
  readonly id: string;
  /** 1, 2, 3 …: never given twice in one deployment. */
  readonly version: number;
  readonly created: string;
  readonly parts: readonly PackPart[];
}

export interface PackPart {
  readonly format: PackFormat;
  readonly imported: string;
  readonly files: readonly PackFile[];
  readonly counts: LineCounts;
  readonly names: PackNames;
  /** As in the built-in files: `rules` hold what a pair says, `sources` what they cite. */
  readonly sources: readonly PackSource[];
  readonly rules: readonly PackRule[];
}

export interface PackFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Every line of the files is one of the three. */
export interface LineCounts {
  readonly accepted: number;
  readonly skipped: number;
  readonly rejected: number;
}

export type PackNames = Pick<NameData, 'products' | 'synonyms' | 'ambiguous' | 'rxcui'>;

export interface PackSource {
  readonly id: string;
  readonly citation: string;
  readonly url?: string;
  readonly date: string;
}

/** One pair, in the form of the built-in rule files. */
export interface PackRule {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  readonly object: string;
  readonly precipitant: string;
  readonly mutual: boolean;
  readonly mechanism?: string;
  readonly effect: string;
  readonly management: string;
  readonly modifiers: readonly string[];
  readonly evidence: string;
  readonly source: string;
  readonly verification: string;
  readonly overrides: readonly { readonly rule: string; readonly reason: string }[];
  /** Its ingredients whose interactions the deployer declares to have gone through; none in packs that are older. */
  readonly assessed?: readonly string[];
}

/** What of a pack is needed to check with it; its rules and sources stay JSON for the reader of rule files. */
export interface OpenedPack {
  readonly id: string;
  readonly version: number;
  readonly created: string;
  readonly parts: readonly {
    readonly format: PackFormat;
    readonly names: PackNames;
    readonly sources: readonly JsonReader[];
    readonly rules: JsonReader;
  }[];
}

/** @throws ReferenceDataError that names the place of the first mistake, or a schema that is not known here */
export function openPack(json: unknown): OpenedPack {
  const pack = new JsonReader(json, 'pack');
  const schema = pack.count('schema');
  if (schema !== PACK_SCHEMA)
    throw new ReferenceDataError(`pack: schema ${schema} is not known; this version reads ${PACK_SCHEMA}`);
  return {
    id: pack.text('id'),
    version: pack.count('version'),
    created: pack.text('created'),
    parts: pack.objects('parts').map((part) => ({
      format: formatOf(part.text('format')),
      names: namesOf(part.child('names')),
      sources: part.objects('sources'),
      rules: part,
    })),
  };
}

function formatOf(text: string): PackFormat {
  const format = PACK_FORMATS.find((known) => known === text);
  if (format === undefined) throw new ReferenceDataError(`pack: the format ${text} is not known`);
  return format;
}

const namesOf = (names: JsonReader): PackNames => ({
  products: names.table('products'),
  synonyms: names.table('synonyms'),
  ambiguous: names.table('ambiguous'),
  rxcui: names.table('rxcui'),
});
