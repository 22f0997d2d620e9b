import { PermanentError } from '../../errors/attempt-error.ts';
import { instantOf, msOf } from '../../lifecycle/instant.ts';
import type { Done, JobView, JsonObject, World } from '../ports.ts';
import { answerAbout } from './answer.ts';
import { Coverage } from './coverage.ts';
import { keepUnit } from './keep-unit.ts';
import { isPersonFamily } from './metrics-types.ts';
import type { Tallies } from './read-rows.ts';
import { zoneOf } from './rules.ts';
import { EXACT_SAMPLES, RELATIVE_ERROR } from './samples.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';
import { isSettled, settlesAt } from './settled.ts';
import { recordId } from './stored-tallies.ts';
import { instantsOf, openWindow, type TimeWindow } from './time-window.ts';
import { unitOf } from './units.ts';
import { keepUp } from './upkeep.ts';

/**
 * The numbers of a window. A window that is a UTC hour, day or month and over also keeps them as records, from which every longer
 * window is put together; that of a local day or month looks after the UTC days behind it, and after late data. A second run
 * changes nothing, late data make the next revision.
 */
export async function process(job: JobView<AnalyticsRollUpPayload>, world: World): Promise<Done> {
  const timeZone = zoneOf(job.payload, world.settings.defaultTimeZone);
  const opened = timeZone === undefined ? undefined : openWindow(job.payload.time_range, timeZone);
  if (timeZone === undefined || !opened?.ok)
    throw new PermanentError('invalid_window', 'The time range is not a window.');
  const { window } = opened;
  const coverage = new Coverage();
  const kept = await keep(world, opened, timeZone, coverage);
  const asked = job.payload.metrics_types;
  const answer = await answerAbout(world, { window, timeZone, asked, kept: kept.tallies, coverage });
  const now = msOf(world.now());
  const isOver = window.endMs <= now;
  return {
    end: 'succeeded',
    result: {
      time_range: instantsOf(window),
      time_zone: timeZone,
      metrics_types: asked,
      metrics: answer.metrics,
      // Jobs can still end, and doses be answered, inside a window that is not over.
      complete: isOver && !coverage.isIncomplete,
      final: isSettled(world, window),
      coverage: { ...coverage.toJson(answer.late), ...answer.inputs },
      roll_up: kept.roll_up,
      suppression: {
        people_below: 11,
        suppressed: answer.suppressed,
        people_told_after: instantOf(settlesAt(window)),
      },
      percentiles: {
        method: 'nearest_rank',
        exact_up_to_samples: EXACT_SAMPLES,
        above: 'sketch',
        relative_error_above: RELATIVE_ERROR,
      },
    },
    summary: summaryOf(answer.metrics, answer.suppressed, kept.revision),
    writes: answer.writes,
  };
}

interface KeptWindow {
  /** The numbers of the window itself, when it is a unit. */
  readonly tallies?: Tallies;
  readonly revision?: number;
  readonly roll_up: JsonObject;
}

/** Stores what this window is there to store. */
async function keep(
  world: World,
  { window, isWholeDays }: { readonly window: TimeWindow; readonly isWholeDays: boolean },
  timeZone: string,
  coverage: Coverage,
): Promise<KeptWindow> {
  const unit = unitOf(window);
  const days = await keepUp(world, window, isWholeDays, timeZone, unit);
  const looked = days === undefined ? {} : { days_looked_after: days };
  if (!unit || unit.endMs > msOf(world.now())) return { roll_up: looked };
  const { tallies, revisions, isFinal } = await keepUnit(world, unit, coverage);
  // Before they are settled a new revision of people's numbers would say when somebody's dose was answered.
  const told = [...revisions].filter(([family]) => isFinal || !isPersonFamily(family));
  const revision = Math.max(0, ...told.map(([, each]) => each));
  const id = `${unit.grain}#${instantOf(unit.startMs)}`;
  const records = told.map(([family, each]) => ({ id: recordId(unit, family), revision: each }));
  return { tallies, revision, roll_up: { id, revision, records, ...looked } };
}

/** Counts only: `3 refusals, 2 suppressed, revision 1`. None of jobs: analysts see it, too. */
function summaryOf(metrics: JsonObject, suppressed: number, revision: number | undefined): string {
  const count = (metric: string, path: readonly string[], label: string): string[] => {
    let value: unknown = metrics[metric];
    for (const member of path)
      value = typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
    return typeof value === 'number' ? [`${value} ${label}`] : [];
  };
  return [
    ...count('reminders', ['due'], 'doses due'),
    ...count('refills', ['checks'], 'refill checks'),
    ...count('supply', ['watched'], 'medications watched'),
    ...count('interactions', ['checks'], 'interaction checks'),
    ...count('adherence', ['people'], 'people with therapies'),
    ...count('security', ['refusals'], 'refusals'),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(revision !== undefined ? [`revision ${revision}`] : []),
  ].join(', ');
}
