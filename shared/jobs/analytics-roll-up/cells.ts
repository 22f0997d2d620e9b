import type { PersonFamily } from './metrics-types.ts';

// The numbers about people that an answer shows, each as a sum over the keys that rows are counted under.

export type Fits = (key: string) => boolean;

/** Rows that came late. They are told beside the inputs of an answer, and withheld as every number of people is. */
export const LATE_EVENTS = 'late_events';

type Cells = ReadonlyMap<string, Fits>;

/** The cells of a family; those by reason, outcome, level or urgency as far as there are such keys. */
export const cellsOf = (family: PersonFamily, keys: readonly string[]): Cells => CELLS[family](keys);

const is =
  (text: string): Fits =>
  (key) =>
    key === text;
const begins =
  (text: string): Fits =>
  (key) =>
    key.startsWith(text);
const ends =
  (text: string): Fits =>
  (key) =>
    key.endsWith(text);

/** One cell for each different name that keys have behind `prefix`, up to `until`. */
function byName(
  keys: readonly string[],
  prefix: string,
  member: string,
  until = '',
): readonly (readonly [string, Fits])[] {
  const names = new Set(
    keys
      .filter(begins(prefix))
      .map((key) => key.slice(prefix.length, until === '' ? undefined : key.indexOf(until))),
  );
  const fits = (name: string): Fits => (until === '' ? is(prefix + name) : begins(prefix + name + until));
  return [...names].sort().map((name) => [`${member}.${name}`, fits(name)] as const);
}

const CELLS: Readonly<Record<PersonFamily, (keys: readonly string[]) => Cells>> = {
  reminders: (keys) =>
    new Map<string, Fits>([
      ['due', () => true],
      ['published', (key) => !/\|untold\b/.test(key)],
      ['late', (key) => /\|late\b/.test(key)],
      [LATE_EVENTS, ends('|after')],
      ['taken', begins('taken|')],
      ['skipped', begins('skipped|')],
      ['missed', begins('missed|')],
      ['undelivered', begins('undelivered|')],
      ['open', begins('open|')],
      ['not_sent', begins('not_sent:')],
      ['acknowledged', (key) => /^(taken|skipped)\|(late|on_time)\b/.test(key)],
      ...byName(keys, 'not_sent:', 'not_sent_by_reason', '|'),
    ]),
  refills: (keys) =>
    new Map<string, Fits>([['checks', begins('check:')], ...byName(keys, 'check:', 'by_urgency')]),
  supply: (keys) =>
    new Map<string, Fits>([
      ['watched', (key) => key !== 'changes_told'],
      ['changes_told', is('changes_told')],
      ['by_outcome.projected', begins('projected:')],
      ...byName(keys, 'other:', 'by_outcome'),
      ...byName(keys, 'projected:', 'by_urgency'),
    ]),
  interactions: (keys) =>
    new Map<string, Fits>([
      ['checks', begins('check:')],
      ['findings', begins('finding:')],
      ['entries', begins('entry:')],
      ['unrecognised', is('entry:unrecognised')],
      ['not_assessed', is('not_assessed')],
      ...byName(keys, 'check:', 'by_outcome'),
      ...byName(keys, 'finding:', 'by_level'),
    ]),
};
