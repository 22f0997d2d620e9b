import type { JsonObject } from '../ports.ts';
import { isObject } from './is-object.ts';

/** Kinds that are about no patient: how many of them there were tells of nobody. */
export const KINDS_ABOUT_NOBODY = [
  'analytics-roll-up',
  'backup',
  'backup-export',
  'backup-export-files',
  'backup-segment',
  'import',
  'import-chunk',
  'interaction-recheck',
  'restore-drill',
  'supply-sweep',
] as const;

/**
 * A roll-up as analysts see it, whoever ordered it. Jobs of all other kinds are about one patient each, so their numbers would tell what
 * `reminders`, `refills`, `supply` and `interactions` withhold; so would totals that hold them, rates, and counts of rows. Jobs may be
 * asked about any window, down to milliseconds, and so there is no cell of them that is large for certain.
 */
export function analystView(result: JsonObject): JsonObject {
  const metrics = objectIn(result, 'metrics');
  const { jobs } = metrics;
  return {
    ...result,
    metrics: { ...metrics, ...(isObject(jobs) && { jobs: aboutNobody(jobs) }) },
    // The roll-up of a whole day reads jobs for its record, whatever was asked for.
    coverage: { ...objectIn(result, 'coverage'), rows_read: null },
  };
}

function aboutNobody({ by_kind }: JsonObject): JsonObject {
  const shown = (Array.isArray(by_kind) ? by_kind : [])
    .filter(isObject)
    .filter(({ kind: name }) => KINDS_ABOUT_NOBODY.some((kind) => kind === name));
  const total = COUNTS.map((count) => [
    count,
    shown.reduce((sum, kind) => sum + Number(kind[count] ?? 0), 0),
  ]);
  return { total: Object.fromEntries(total), by_kind: shown, withheld: 'kinds_about_one_patient' };
}

/** What adds up over kinds. */
const COUNTS = ['accepted', 'ended', 'succeeded', 'failed', 'cancelled', 'expired', 'superseded'] as const;

const objectIn = (json: JsonObject, member: string): JsonObject => {
  const inner = json[member];
  return isObject(inner) ? inner : {};
};
