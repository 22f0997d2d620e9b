import { Temporal } from 'temporal-polyfill';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { JsonObject, StoredRecord } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { acknowledgeReminder } from '#shared/operations/acknowledge-reminder.ts';
import type { AcknowledgementBody } from '#shared/operations/bodies/acknowledgement.ts';
import type { DeliveryReportBody } from '#shared/operations/bodies/delivery-report.ts';
import type { MedicationWishes } from '#shared/operations/bodies/medication.ts';
import type { PreferencesBody } from '#shared/operations/bodies/preferences.ts';
import { getPreferences } from '#shared/operations/get-preferences.ts';
import { listReminders } from '#shared/operations/list-reminders.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { reportDelivery } from '#shared/operations/report-delivery.ts';
import { retryJob } from '#shared/operations/retry-job.ts';
import { startRecurring } from '#shared/operations/start-recurring.ts';
import { stopMedication } from '#shared/operations/stop-medication.ts';
import { applyBusinessRules, recordAcceptance } from '#shared/operations/submit-job.ts';
import { callerAs, planFor, requestAt } from './test-engine.ts';
import type { Fault } from './unreliable-worker.ts';
import { VirtualDeployment } from './virtual-deployment.ts';

/** Something that happens in a case; which members it has follows from `do`. */
export interface CaseEvent {
  readonly at: string;
  readonly do: string;
  readonly dose?: string;
  readonly body?: JsonObject;
  readonly schedule?: JsonObject;
  readonly until?: string;
  readonly for?: readonly string[];
  readonly when?: string;
  readonly times?: number;
  readonly minutes?: number;
  readonly refused?: string;
  readonly warns_of?: readonly string[];
  readonly reminders?: readonly JsonObject[];
}

/** One case of `delivery-vectors.json`. */
export interface DeliveryCase {
  readonly zone: string;
  readonly begin: string;
  readonly end: string;
  readonly preferences?: JsonObject;
  readonly schedule: JsonObject;
  /** Until then the message of the first schedule's job is not seen by any worker. */
  readonly held_until?: string;
  readonly events?: readonly CaseEvent[];
}

/** What an event found, to be compared with what the case expects of it. */
export interface Finding {
  readonly event: CaseEvent;
  readonly refused?: string;
  readonly reminders?: readonly JsonObject[];
}

const IDS = { userId: 'p1', medicationId: 'm1' };
const PATIENT = callerAs('patient', IDS.userId);
const SERVICE = callerAs('service', 'client');

/** Plays one case on a deployment in virtual time, through the operations that requests call. */
export class DeliveryPlay {
  readonly world: VirtualDeployment;
  readonly findings: Finding[] = [];
  /** The jobs that set a schedule, in order of acceptance. */
  readonly orders: string[] = [];
  readonly #case: DeliveryCase;

  constructor(of: DeliveryCase) {
    this.#case = of;
    this.world = new VirtualDeployment(this.instant(of.begin));
  }

  /** Local clock times are read in the zone of the case; what ends with Z is UTC. */
  instant(text: string): Instant {
    const at = text.endsWith('Z')
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(this.#case.zone).toInstant();
    return at.toString({ fractionalSecondDigits: 3 });
  }

  async run(): Promise<void> {
    const { begin, end, preferences, schedule, held_until, events = [] } = this.#case;
    this.world.plan(this.instant(begin), async () => {
      if (preferences) await this.#putPreferences(preferences);
      await this.#submit(schedule, held_until);
    });
    for (const event of events)
      this.world.plan(this.instant(event.at), async () => {
        const found = await this.#play(event).catch((error: unknown) => {
          if (!(error instanceof ProblemError)) throw error;
          return { refused: error.code };
        });
        this.findings.push({ event, ...found });
      });
    await this.world.runUntil(this.instant(end));
  }

  /**
   * All reminders that stand, as the API shows them, in order of their due times.
   * @param ahead with those that are a preview
   */
  async reminders(ahead = false): Promise<readonly JsonObject[]> {
    const { begin, end } = this.#case;
    const query = { from: this.instant(begin), to: this.instant(end), limit: 500 };
    const target = { userId: IDS.userId, query };
    const { reminders } = await listReminders(this.world.engine, PATIENT, target, this.#request());
    // A list of objects, as the route documents it.
    return (reminders as readonly JsonObject[])
      .filter(({ preview }) => ahead || preview !== true)
      .toSorted((a, b) => (String(a['due_at']) < String(b['due_at']) ? -1 : 1));
  }

  /** What the patient says about a dose, by its id; false when it was refused. */
  async answer(reminderId: string, body: JsonObject): Promise<boolean> {
    const target = { userId: IDS.userId, reminderId };
    const answer = this.#timed<AcknowledgementBody>(body);
    const said = acknowledgeReminder(this.world.engine, PATIENT, target, answer, this.#request());
    return said.then(
      () => true,
      (error: unknown) => {
        if (error instanceof ProblemError) return false;
        throw error;
      },
    );
  }

  #request = () => requestAt(this.world.engine);

  async #play(event: CaseEvent): Promise<Omit<Finding, 'event'>> {
    const { world } = this;
    const { engine } = world;
    const { body = {}, schedule = {}, times = 1 } = event;
    const until = this.instant(event.until ?? event.at);
    switch (event.do) {
      case 'submit':
        await this.#submit(schedule);
        return {};
      case 'acknowledge':
        await acknowledgeReminder(
          engine,
          PATIENT,
          await this.#target(event),
          this.#timed<AcknowledgementBody>(body),
          this.#request(),
        );
        return {};
      case 'delivery_report':
        await reportDelivery(
          engine,
          SERVICE,
          await this.#target(event),
          this.#timed<DeliveryReportBody>(body),
          this.#request(),
        );
        return {};
      case 'put_preferences':
        await this.#putPreferences(body);
        return {};
      case 'put_medication':
        // The bodies of cases are written in the documented form.
        await putMedication(engine, PATIENT, IDS, body as MedicationWishes, this.#request());
        return {};
      case 'delete_medication':
        await stopMedication(engine, PATIENT, IDS, this.#request());
        return {};
      case 'redrive':
        await retryJob(engine, callerAs('operator', 'op'), this.deliveryOf(event.dose), this.#request());
        return {};
      case 'tick_off':
        world.tickIsOut = (minute) => minute < until;
        return {};
      case 'workers_off':
        world.workersOutUntil = until;
        return {};
      case 'topic_off':
        world.fault.unpublishable = event.for as Fault['unpublishable'];
        world.plan(until, async () => {
          world.fault.unpublishable = [];
        });
        return {};
      case 'worker_dies':
        world.fault.dies = event.when as Fault['dies'];
        world.fault.times = times;
        return {};
      case 'messages_twice':
      case 'messages_lost':
        world.queueing = event.do === 'messages_lost' ? 'lost' : 'twice';
        world.plan(until, async () => {
          world.queueing = 'once';
        });
        return {};
      case 'older_zone_data':
        // What stands was computed by other data: as if the zone's offset had been announced anew since.
        for (const [key, record] of engine.db.records) {
          if (record.type !== 'schedule') continue;
          const { state, body } = record as StoredRecord<'schedule'>;
          const nextDueAt = state.nextDueAt && addSeconds(state.nextDueAt, (event.minutes ?? 0) * 60);
          const [owner = '', id = ''] = key.split('/schedule#');
          const stale = { state: { ...state, nextDueAt }, body: { ...body, tzdataVersion: 'older' } };
          engine.db.buckets.clear();
          engine.db.applyWrites([{ type: 'schedule', owner, id, expect: 'any', ...stale }]);
        }
        return {};
      case 'daily_sweep':
        await startRecurring(engine, { run: 'daily-supply-sweep', time: world.now });
        return {};
      case 'deliver_early':
        for (const held of engine.queue.held) held.visibleAt = world.now;
        return {};
      case 'look':
        return { reminders: await this.reminders() };
      default:
        throw new Error(`Nobody knows what "${event.do}" is.`);
    }
  }

  async #submit(schedule: JsonObject, heldUntil?: string): Promise<void> {
    const { engine } = this.world;
    const kind = engine.kinds.get('medication-reminder');
    if (!kind) throw new Error('There is no job kind medication-reminder.');
    const anchor = schedule['anchor'];
    const timed = typeof anchor === 'string' ? { ...schedule, anchor: this.instant(anchor) } : schedule;
    const payload = { user_id: IDS.userId, medication_id: IDS.medicationId, schedule: timed };
    const plan = await applyBusinessRules(engine, planFor(engine, kind, { payload }));
    const { body } = await recordAcceptance(engine, plan);
    const jobId = String(body['job_id']);
    this.orders.push(jobId);
    const held = engine.queue.held.find(({ message }) => message.jobId === jobId);
    if (held && heldUntil !== undefined) held.visibleAt = this.instant(heldUntil);
  }

  async #putPreferences(body: JsonObject): Promise<void> {
    const { engine } = this.world;
    const { tag } = await getPreferences(engine, PATIENT, IDS, this.#request());
    const target = { userId: IDS.userId, ifMatch: tag === '"0"' ? undefined : [tag] };
    await putPreferences(engine, PATIENT, target, this.#timed<PreferencesBody>(body), this.#request());
  }

  /** A body with the instants of its case; the bodies of cases are written in the documented form. */
  #timed<Body>(body: JsonObject): Body {
    const isTime = (text: string) => /^\d{4}-\d\d-\d\dT[\d:]+Z?$/.test(text);
    const text = JSON.stringify(body, (_, value) =>
      typeof value === 'string' && isTime(value) ? this.instant(value) : value,
    );
    return JSON.parse(text) as Body;
  }

  async #target({ dose }: CaseEvent) {
    return { userId: IDS.userId, reminderId: await this.#reminderId(dose) };
  }

  async #reminderId(dose = ''): Promise<string> {
    const due = this.instant(dose);
    const all = await listReminders(
      this.world.engine,
      PATIENT,
      { userId: IDS.userId, query: { from: due, to: this.instant(this.#case.end), limit: 500 } },
      this.#request(),
    );
    const found = (all['reminders'] as readonly JsonObject[]).find(({ due_at }) => due_at === due);
    if (!found) throw new Error(`No dose is due at ${due}.`);
    return String(found['reminder_id']);
  }

  /** The job that tells a dose. */
  deliveryOf(dose = ''): string {
    const due = this.instant(dose);
    const { rows, payloads } = this.world.engine.db;
    const tellsDose = (jobId: string) => !JSON.stringify(payloads.get(jobId)).includes('"purpose"');
    const row = [...rows.values()].find(
      ({ kind, dueAt, jobId }) => kind === 'reminder-delivery' && dueAt === due && tellsDose(jobId),
    );
    if (!row) throw new Error(`No delivery was ordered of the dose at ${due}.`);
    return row.jobId;
  }
}
