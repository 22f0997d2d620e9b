import { reminderAllows, reminderStatusAt } from '../clinical/index.ts';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { DeliveryReport, JsonObject, StoredRecord } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { aboutPatient } from './about-patient.ts';
import { type ReminderTarget, reminderNotFound } from './acknowledge-reminder.ts';
import type { DeliveryReportBody } from './bodies/delivery-report.ts';
import { pastInstant } from './body-instant.ts';
import type { Engine } from './engine.ts';
import { findDose } from './find-dose.ts';
import type { RequestContext } from './find-job.ts';
import { type FollowDeps, followDose, sendFollowers } from './follow-dose.ts';
import { recordRead } from './record-read.ts';
import { lastReport, reminderView } from './reminder-view.ts';

const TRIES = 3;

/** Codes that stand in the audit trail as they are; a caller may send any other word, and that could be a name or a number. */
const CHANNELS_IN_TRAIL = [
  'push',
  'sms',
  'mail',
  'email',
  'voice',
  'phone',
  'app',
  'web',
  'device',
  'letter',
];

type Dose = StoredRecord<'occurrence'>;

/**
 * Records what a channel says about the message of one dose: a published reminder becomes `delivered` or `undelivered`.
 * A report that comes after a person's answer is kept beside the state and changes nothing else, and a failure on a second
 * channel after the first has delivered changes nothing at all; a channel may take its own word back. Of a reminder that did not arrive a caregiver is told at once.
 * @throws ProblemError `forbidden`, `invalid_input`, `reminder_not_found`, `state_conflict` when nothing was published
 */
export async function reportDelivery(
  deps: Pick<Engine, 'schedules' | 'records' | 'refs' | 'audit'> & FollowDeps,
  caller: Caller,
  target: ReminderTarget,
  body: DeliveryReportBody,
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'reportDelivery', caller, target.userId, request);
  const now = request.receivedAt;
  const report = readReport(body, now);
  const key = { type: 'occurrence', owner, id: target.reminderId } as const;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await findDose(deps, owner, key.id, now);
    if (!found) throw reminderNotFound();
    const { record: stored, expect, unchanged } = found;
    if (repeats(lastReport(stored), report)) {
      await recordRead(deps, entry('reminders.read', { reminder_id: stored.id, repeated: true }));
      return reminderView(stored, now);
    }
    refuseBeforeDose(stored, report);
    const { state, body: kept } = reported(stored, report, now);
    const evidence = entry(`reminder.${report.status === 'delivered' ? 'delivered' : 'undelivered'}`, {
      reminder_id: stored.id,
      from: stored.state.status,
      channel: CHANNELS_IN_TRAIL.includes(report.channel) ? report.channel : 'other',
      at: report.at,
    });
    const write = { ...key, expect, state, body: kept };
    const jobs = followDose(deps, {
      owner,
      before: stored,
      after: { state },
      now,
      correlationId: request.correlationId,
    });
    if ((await deps.schedules.commit([write], jobs, [evidence], unchanged)) !== 'committed') continue;
    await sendFollowers(deps, jobs, now);
    return reminderView({ ...stored, state, body: kept }, now);
  }
  throw new ProblemError('state_conflict', 'The reminder is changing right now; try again.');
}

function readReport(body: DeliveryReportBody, now: Instant): DeliveryReport {
  const problems: Problem[] = [];
  const at = pastInstant(body.at, '/at', now, problems);
  if (body.status === 'delivered' && body.reason_code !== undefined)
    problems.push({ pointer: '/reason_code', code: 'not_allowed', detail: 'Only failed has it.' });
  if (at === undefined || problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return {
    status: body.status,
    channel: body.channel,
    at,
    ...(body.reason_code !== undefined && { reasonCode: body.reason_code }),
  };
}

/** Clocks of channels may be that much behind. */
const CLOCK_SKEW_SECONDS = 15 * 60;

/** No message about a dose leaves before it is due, so none can have arrived, or failed, long before. */
function refuseBeforeDose({ state: { dueAt } }: Dose, { at }: DeliveryReport): void {
  if (at >= addSeconds(dueAt, -CLOCK_SKEW_SECONDS)) return;
  const detail = `The dose was due at ${dueAt}, and nothing about it left before.`;
  throw new ProblemError('invalid_input', detail, {
    problems: [{ pointer: '/at', code: 'not_of_this_slot', detail }],
  });
}

const repeats = (before: DeliveryReport | undefined, report: DeliveryReport): boolean =>
  before?.status === report.status &&
  before.channel === report.channel &&
  before.at === report.at &&
  before.reasonCode === report.reasonCode;

/** The channel whose word stands says later that the message did not arrive after all, as mail that bounces. */
const takesBack = (before: DeliveryReport | undefined, report: DeliveryReport): boolean =>
  before?.channel === report.channel && before.at < report.at;

/** Told, and no report can change what stands: the report is kept as evidence. */
const KEPT_BESIDE = ['undelivered', 'snoozed', 'taken', 'skipped'];

function reported(
  { state, body }: Dose,
  delivery: DeliveryReport,
  now: Instant,
): Pick<Dose, 'state' | 'body'> {
  const [event, to] =
    delivery.status === 'delivered'
      ? (['deliver', 'delivered'] as const)
      : (['failDelivery', 'undelivered'] as const);
  const { delivery: _formerPlace, ...rest } = state;
  const kept = { ...body, delivery };
  // It arrived on one channel: that it did not on another is in the audit trail.
  if (
    state.status === 'delivered' &&
    to === 'undelivered' &&
    !takesBack(lastReport({ state, body }), delivery)
  )
    return { state, body };
  if (reminderAllows(event, state.status)) return { state: { ...rest, status: to }, body: kept };
  if (state.status === 'delivered') return { state: rest, body: kept };
  if (KEPT_BESIDE.includes(state.status)) return { state: rest, body: kept };
  throw new ProblemError(
    'state_conflict',
    `The reminder is ${reminderStatusAt(state, now)}: a channel can report only on one that was published.`,
  );
}
