import type { JsonObject } from '../ports.ts';
import { LATE_EVENTS } from './cells.ts';
import type { PersonFamily } from './metrics-types.ts';
import { rate } from './rate.ts';
import { Samples } from './samples.ts';
import type { ShownCells } from './show-cells.ts';
import type { Tally } from './tally.ts';

/** The cell that holds all rows of a family: distinct people are only told beside it. */
export const WHOLE: Readonly<Record<PersonFamily, string>> = {
  reminders: 'due',
  refills: 'checks',
  supply: 'watched',
  interactions: 'checks',
};

/** A family's numbers as they are shown: what is withheld is `null` and named in `suppressed`. */
export function personNumbers(
  family: PersonFamily,
  cells: ShownCells,
  tally: Tally,
  people: number | null,
): JsonObject {
  return {
    people,
    ...nested(family, cells.numbers),
    ...ratesOf(family, cells, tally),
    suppressed: [...cells.suppressed, ...(people === null ? ['people'] : [])],
  };
}

const GROUPS: Readonly<Record<PersonFamily, readonly string[]>> = {
  reminders: ['not_sent_by_reason'],
  refills: ['by_urgency'],
  supply: ['by_outcome', 'by_urgency'],
  interactions: ['by_outcome', 'by_level'],
};

/** `by_level.major` as member `major` of `by_level`; without any, the group is empty. */
function nested(family: PersonFamily, numbers: ReadonlyMap<string, number | null>): JsonObject {
  const flat: Record<string, number | null> = {};
  const groups: Record<string, Record<string, number | null>> = Object.fromEntries(
    GROUPS[family].map((group) => [group, {}]),
  );
  for (const [name, number] of numbers) {
    if (name === LATE_EVENTS) continue;
    const [group = '', ...rest] = name.split('.');
    if (rest.length === 0) flat[group] = number;
    else groups[group] = { ...groups[group], [rest.join('.')]: number };
  }
  return { ...flat, ...groups };
}

function ratesOf(family: PersonFamily, { numbers, shown }: ShownCells, tally: Tally): JsonObject {
  const share = (part: string, whole: string) =>
    rate(numbers.has(part) ? numbers.get(part) : 0, numbers.get(whole));
  switch (family) {
    case 'reminders': {
      const isShown = shown.includes('acknowledged');
      const samples = isShown ? (tally.samples.get('time_to_acknowledge') ?? new Samples()) : undefined;
      return {
        ack_rate: share('acknowledged', 'published'),
        time_to_acknowledge_ms: samples?.percentiles() ?? null,
      };
    }
    case 'interactions':
      return {
        unrecognised_share: share('unrecognised', 'entries'),
        incomplete_share: share('by_outcome.incomplete', 'checks'),
      };
    default:
      return {};
  }
}

/** What became of doses, as adherence tells it. */
export function doseOutcomes({ numbers, suppressed }: ShownCells): JsonObject {
  const members = ['due', 'taken', 'skipped', 'missed', 'undelivered', 'open', 'not_sent'];
  return {
    ...Object.fromEntries(members.map((name) => [name, numbers.get(name) ?? null])),
    taken_share: rate(numbers.get('taken'), numbers.get('due')),
    suppressed: suppressed.filter((name) => members.includes(name)),
  };
}
