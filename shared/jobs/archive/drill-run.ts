import type { FromSchema } from 'json-schema-to-ts';
import { type Instant, secondsBetween } from '../../lifecycle/instant.ts';

/** Name of the internal kind that drills a restore. */
export const DRILL_KIND = 'restore-drill';

/** A drill that has not compared what it restored by then has not shown that a restore ends in useful time. */
export const DRILL_HOURS = 24;

/**
 * The worker waits for the function of drills while it does a step. So that function is ended before the worker is, and
 * begins nothing more long before that: the page in hand still has to be written.
 */
export const drillSeconds = (workerTimeoutSeconds: number) => ({
  step: Math.floor(workerTimeoutSeconds * 0.6),
  timeout: Math.floor(workerTimeoutSeconds * 0.9),
});

/** In this order, each but `choose` for one table after the other. */
export const DRILL_PHASES = ['clear', 'choose', 'restore', 'compare', 'empty', 'done'] as const;

/** How far a drill is. It goes from step to step in the payloads of jobs, so that each step knows all that came before. */
export const drillRunSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['started_at', 'phase', 'table', 'lines', 'tables', 'faults'],
  properties: {
    started_at: { type: 'string' },
    phase: { type: 'string', enum: DRILL_PHASES },
    /** Number of the table that the phase is at. */
    table: { type: 'integer', minimum: 0 },
    /** The backup that had ended last, as the tables tell; absent: they tell of none. It must be among those that are there. */
    head: { type: 'string' },
    /** The newest finished backup at the start; it is restored with all that it continues and all that came after. */
    backup_id: { type: 'string' },
    /** The data file that is being replayed, and how many of its lines have been. */
    file: { type: 'string' },
    lines: { type: 'integer', minimum: 0 },
    /** Key of the last item that was compared. */
    after: {
      type: 'object',
      additionalProperties: false,
      required: ['pk', 'sk'],
      properties: { pk: { type: 'string' }, sk: { type: 'string' } },
    },
    /** Large results whose files were read: they are checked, and put nowhere. */
    results_read: { type: 'integer', minimum: 0 },
    /** When the newest change was made that was restored. */
    newest_change: { type: 'string' },
    compared_at: { type: 'string' },
    tables: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['table', 'replayed', 'expected', 'found'],
        properties: {
          table: { type: 'string' },
          /** Items and changes that were written. */
          replayed: { type: 'integer', minimum: 0 },
          /** Hash of what the backup says, and of what stands. */
          expected: { type: 'string' },
          found: { type: 'string' },
        },
      },
    },
    faults: { type: 'array', items: { type: 'string' } },
  },
} as const;

export type DrillRun = FromSchema<typeof drillRunSchema>;
export type DrilledTable = DrillRun['tables'][number];

export const newDrill = (startedAt: Instant, head?: string): DrillRun => ({
  started_at: startedAt,
  ...(head !== undefined && { head }),
  phase: 'clear',
  table: 0,
  lines: 0,
  tables: [],
  faults: [],
});

/** From there on only what was restored is taken away. */
export const isJudged = ({ phase }: DrillRun): boolean => phase === 'empty' || phase === 'done';

/** The verdict is that a restore does not work: what stands by then is taken away again. */
export const failedDrill = (run: DrillRun, ...faults: readonly string[]): DrillRun => ({
  ...atTable(run, 'empty', 0),
  faults: [...run.faults, ...faults],
});

/** The beginning of a table's share of a phase. */
export function atTable(run: DrillRun, phase: DrillRun['phase'], table: number): DrillRun {
  const { file: _file, after: _after, ...rest } = run;
  return { ...rest, phase, table, lines: 0 };
}

/** What a drill has shown. */
export interface DrillVerdict {
  readonly passed: boolean;
  /** From the start until all was compared; absent when it never came to that. */
  readonly rtoSeconds?: number;
  /** How old the newest restored change was at the start; absent when nothing was restored. */
  readonly rpoSeconds?: number;
}

export function drillVerdict({ started_at, compared_at, newest_change, faults }: DrillRun): DrillVerdict {
  const seconds = (from: Instant, to: Instant) => Math.max(0, Math.round(secondsBetween(from, to)));
  return {
    passed: faults.length === 0 && compared_at !== undefined,
    ...(compared_at !== undefined && { rtoSeconds: seconds(started_at, compared_at) }),
    ...(newest_change !== undefined && { rpoSeconds: seconds(newest_change, started_at) }),
  };
}

/**
 * From where a drill goes on when the attempt before has left no answer. How far it came is not known then: changes that
 * it replayed would be told from what they left, so all is restored once more. The time goes on.
 */
export function startedOver(run: DrillRun): DrillRun {
  if (run.phase !== 'choose' && run.phase !== 'restore') return run;
  const {
    newest_change: _newest,
    backup_id: _chosen,
    results_read: _read,
    ...rest
  } = atTable(run, 'clear', 0);
  return { ...rest, tables: [] };
}
