import { isLess, numberOf, plus, ratio } from './decimal.ts';
import type { Schedule } from './schedule.ts';
import { hasFixedDoses } from './scheduled-supply.ts';
import type { SupplyFacts } from './supply-reach.ts';
import { unitsOfOneDose, unitsUsed } from './units-used.ts';

type DoseTerms = Pick<SupplyFacts, 'doseUnits' | 'maxDosesPerDay'>;

/** How a medication is used: by a schedule, else as needed. What is absent was not known. */
export interface DoseUse extends DoseTerms {
  readonly schedule?: Schedule;
}

/** A time in which a medication was used in one way. */
export interface UseStretch extends DoseUse {
  /** Its first instant; absent: from the beginning. */
  readonly since?: string;
  /** The first instant that is not its own. */
  readonly until: string;
}

/** Use of so long ago, or of so many changes ago, that only its units are kept. */
export interface SummedUse {
  readonly until: string;
  /** Since the last count; absent when nobody knows. */
  readonly units?: number;
  /** Of one dose, the smallest of all. */
  readonly unitsPerDose: number;
}

/** How a medication was used before the schedule on record was as it is, as far as the last count does not cover it. */
export interface EarlierUse {
  /** From when on the medication is used as its records say now. */
  readonly since: string;
  /** In order of time. */
  readonly stretches: readonly UseStretch[];
  readonly summed?: SummedUse;
}

/** What the records say of the use of a medication. */
export interface UseOnRecord {
  /** A stopped medication is not used; a paused one counts as used. */
  readonly stopped: boolean;
  /** Before the first schedule they also hold what was used earlier. */
  readonly facts: DoseTerms & { readonly earlierUse?: EarlierUse };
  readonly schedule?:
    | {
        readonly active: boolean;
        /** When it was accepted or stopped. */
        readonly changedAt: string;
        readonly body: Schedule & DoseTerms & { readonly earlierUse?: EarlierUse };
      }
    | undefined;
}

/** The last count. */
export interface CountedSupply {
  readonly supplyUnits: number;
  readonly takenAt: string;
}

/** More changes than this between two counts are summed up, so that a record stays small. */
const MOST_STRETCHES = 12;

/** How the medication is used now; `undefined`: not at all, as far as anybody said. */
function presentUse(record: UseOnRecord): DoseUse | undefined {
  const { stopped, facts, schedule } = record;
  if (stopped) return undefined;
  if (schedule?.active) return scheduledUse(schedule.body, facts);
  return facts.maxDosesPerDay !== undefined || wasAsNeeded(record) ? termsOf(facts, {}) : undefined;
}

/** Whether it was used as needed until nobody said any more how much: it still is. */
function wasAsNeeded(record: UseOnRecord): boolean {
  const { since, stretches } = useBefore(record);
  const last = stretches.at(-1);
  return last !== undefined && last.schedule === undefined && last.until === since;
}

function scheduledUse(body: Schedule & DoseTerms, facts: DoseTerms): DoseUse {
  const terms = termsOf(body, facts);
  return hasFixedDoses(body) ? { schedule: patternOf(body), ...terms } : terms;
}

const termsOf = (first: DoseTerms, second: DoseTerms): DoseTerms => {
  const doseUnits = first.doseUnits ?? second.doseUnits;
  const maxDosesPerDay = first.maxDosesPerDay ?? second.maxDosesPerDay;
  return {
    ...(doseUnits !== undefined && { doseUnits }),
    ...(maxDosesPerDay !== undefined && { maxDosesPerDay }),
  };
};

/** What tells when doses are due, and nothing else of a record. */
const PATTERN = [
  'frequency',
  'times',
  'intervalHours',
  'anchor',
  'timeZone',
  'stays',
  'startDate',
  'endDate',
  'weekdays',
  'cycle',
  'monthRule',
] as const satisfies readonly (keyof Schedule)[];

function patternOf(body: Schedule): Schedule {
  const { frequency, times: clockTimes, timeZone, startDate } = body;
  const kept = Object.entries(body).filter(([name]) => PATTERN.some((one) => one === name));
  return { ...Object.fromEntries(kept), frequency, times: clockTimes, timeZone, startDate };
}

/** Every way of use that is on record, in order of time; the last may go on. */
export function usesOnRecord(record: UseOnRecord): {
  readonly uses: readonly (DoseUse & Partial<UseStretch>)[];
  readonly summed?: SummedUse;
} {
  const { since, stretches, summed } = useBefore(record);
  const present = presentUse(record);
  const goesOn = present ? [{ ...present, ...(since !== undefined && { since }) }] : [];
  return { uses: [...stretches, ...goesOn], ...(summed && { summed }) };
}

/**
 * The use before now, and since when the present one counts. Records of before this was kept have none: a schedule that goes
 * on counts from the beginning, one that was stopped until then.
 */
function useBefore({ facts, schedule }: UseOnRecord): Omit<EarlierUse, 'since'> & { since?: string } {
  if (!schedule) return facts.earlierUse ?? { stretches: [] };
  const { active, body, changedAt } = schedule;
  if (body.earlierUse) return body.earlierUse;
  if (active) return { stretches: [] };
  return { since: changedAt, stretches: [{ ...scheduledUse(body, facts), until: changedAt }] };
}

/**
 * What is to be kept when the use changes at `at`: the stretches so far and the one that ends, without those that the last
 * count covers. `undefined`: nothing was used before, so that the first schedule counts from its own beginning.
 */
export function earlierUseAt(
  record: UseOnRecord,
  at: string,
  counted: CountedSupply | undefined,
): EarlierUse | undefined {
  return isUnsaid(record) && !presentUse(record) ? undefined : closedAt(record, at, counted);
}

/**
 * The same when facts or status change at `at` and the schedule stays. `undefined`: nothing is to be kept that is not on
 * record already. What is stated for the first time holds from the beginning.
 */
export function earlierUseAfter(
  before: UseOnRecord,
  after: UseOnRecord,
  at: string,
  counted: CountedSupply | undefined,
): EarlierUse | undefined {
  if (isUnsaid(before) && !presentUse(before) && !after.stopped) return undefined;
  const goesOn = before.stopped === after.stopped && isSame(presentUse(before), presentUse(after));
  if (!goesOn) return closedAt(before, at, counted);
  const { since, stretches, ...more } = useBefore(before);
  const told = stretches.map((stretch) => inKnownTerms(stretch, before.facts));
  if (since === undefined || isSame(told, useBefore(after).stretches)) return undefined;
  return { ...more, since, stretches: told };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether no record ever said how it is used. */
const isUnsaid = ({ facts, schedule }: UseOnRecord): boolean => !schedule && !facts.earlierUse;

function closedAt(record: UseOnRecord, at: string, counted: CountedSupply | undefined): EarlierUse {
  const present = presentUse(record);
  const before = useBefore(record);
  const ends = before.since !== undefined && before.since > at ? before.since : at;
  const ended: readonly UseStretch[] = present
    ? [{ ...present, ...(before.since !== undefined && { since: before.since }), until: ends }]
    : [];
  const isOpen = ({ until }: { readonly until: string }) => counted === undefined || until > counted.takenAt;
  const stretches = [...before.stretches, ...ended]
    .filter(isOpen)
    .filter(({ since, until }) => since === undefined || since < until)
    .map((stretch) => inKnownTerms(stretch, record.facts));
  const summed = before.summed && isOpen(before.summed) ? before.summed : undefined;
  return { since: ends, ...bounded(stretches, summed, counted, record.facts) };
}

/** What was not known at its time is what was stated since; the next statement does not reach back to it. */
const inKnownTerms = (stretch: UseStretch, facts: DoseTerms): UseStretch => ({
  ...stretch,
  ...termsOf(stretch, {
    ...facts,
    ...(facts.doseUnits !== undefined && { doseUnits: unitsOfOneDose(stretch, facts) }),
  }),
});

function bounded(
  stretches: readonly UseStretch[],
  before: SummedUse | undefined,
  counted: CountedSupply | undefined,
  facts: DoseTerms,
): Omit<EarlierUse, 'since'> {
  const old = stretches.slice(0, -MOST_STRETCHES);
  // Without a count there is nothing from which units could be taken.
  const summed = counted ? old.reduce((sum, one) => addedUp(sum, one, counted, facts), before) : before;
  return { stretches: stretches.slice(-MOST_STRETCHES), ...(summed && { summed }) };
}

function addedUp(
  sum: SummedUse | undefined,
  stretch: UseStretch,
  { takenAt }: CountedSupply,
  facts: DoseTerms,
): SummedUse {
  const perDose = unitsOfOneDose(stretch, facts);
  const used = unitsUsed([stretch], facts, { after: takenAt, until: stretch.until });
  const known = sum === undefined || sum.units !== undefined;
  const least = sum && isLess(ratio(sum.unitsPerDose), ratio(perDose)) ? sum.unitsPerDose : perDose;
  return {
    until: stretch.until,
    unitsPerDose: least,
    ...(used && known && { units: numberOf(plus(ratio(sum?.units ?? 0), used.units)) }),
  };
}
