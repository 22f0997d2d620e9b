/** The text without the fluid that a drug comes in, and the ingredients of that fluid. */
export interface Carried {
  readonly drug: string;
  readonly fluid: readonly string[];
}

const FLUIDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['dextrose', ['dextrose']],
  ['glucose', ['dextrose']],
  ['d5w', ['dextrose']],
  ['d5-w', ['dextrose']],
  ['sodium chloride', ['sodium chloride']],
  ['normal saline', ['sodium chloride']],
  ['saline', ['sodium chloride']],
  ['water', []],
  ['distilled water', []],
  ['sterile water', []],
]);

const CONTAINER = /\s+(?:in\s+)?(?:plastic|duplex|glass)\s+container$|\s+container$/u;
const PERCENT = String.raw`\d+(?:[.,]\d+)*\s*%`;
const TAIL = new RegExp(
  String.raw`^(.+?)\s+(in|and|with|w/)\s*(${PERCENT})?\s*(${[...FLUIDS.keys()].join('|')})(?:\s+(${PERCENT}))?$`,
  'u',
);

/**
 * `heparin 25,000 units in dextrose 5%`: heparin, carried by dextrose. Only what is clearly a carrier counts: a fluid
 * behind `in`, with its concentration, or in its container. `lithium and sodium chloride` are two medications.
 */
export function carriedBy(text: string): Carried | undefined {
  let drug = text.replace(CONTAINER, '');
  const contained = drug !== text;
  const fluid: string[] = [];
  let certain = false;
  for (let hit = TAIL.exec(drug); hit !== null; hit = TAIL.exec(drug)) {
    const [, before, link, percent, name, behind] = hit;
    certain ||= contained || link === 'in' || percent !== undefined || behind !== undefined;
    fluid.push(...(FLUIDS.get(name ?? '') ?? []));
    drug = before ?? '';
  }
  return certain ? { drug, fluid } : undefined;
}
