import { process as importChunk } from '#shared/jobs/import-chunk/process.ts';
import type { ImportChunk } from '#shared/jobs/import-chunk/schema.ts';
import { importLineId } from '#shared/jobs/intake/import-order.ts';
import { process as remind } from '#shared/jobs/medication-reminder/process.ts';
import { factKeys, rules } from '#shared/jobs/medication-reminder/rules.ts';
import type { MedicationReminder } from '#shared/jobs/medication-reminder/schema.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { process as check } from '#shared/jobs/refill-check/process.ts';
import { process as monitor } from '#shared/jobs/supply-monitor/process.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { MedicationWishes } from '#shared/operations/bodies/medication.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { stopMedication } from '#shared/operations/stop-medication.ts';
import {
  createInMemoryAudit,
  createInMemoryRecords,
  createInMemorySchedules,
} from '#test/fakes/in-memory-store.ts';
import { createCountingRandom } from '#test/fakes/quiet.ts';
import { KindBench } from './kind-bench.ts';
import { PATIENT } from './records-bench.ts';

const TARGET = { userId: 'p1', medicationId: 'm1' };
const ZONE = { time_zone: 'America/New_York' };

/** Medication `m1` of patient `p1`: changed by every way there is, counted and looked at. */
export class SupplyBench extends KindBench {
  /** Accepts and runs one reminder job, as the engine would. */
  async schedule(terms: Partial<MedicationReminder['schedule']>, zone: { time_zone?: string } = ZONE) {
    const payload: MedicationReminder = {
      user_id: 'p1',
      medication_id: 'm1',
      schedule: { frequency: 'QID', ...zone, ...terms },
    };
    const records = await this.world().records.readMany(factKeys(payload, this.refs));
    const ruling = rules(payload, { now: this.now, records });
    if (!ruling.ok) throw new Error('The rules refused the schedule.');
    this.commit(await remind(this.job(ruling.payload), this.world()));
  }

  /** One line about it, and what is made of it some seconds later. */
  async importLine(medication: JsonObject, terms: JsonObject = {}) {
    const owner = this.refs.user('p1');
    const import_id = `0000000000${this.now.replace(/\D/g, '').slice(1)}`;
    const schedule = { frequency: 'QID', ...ZONE, ...terms };
    this.write({
      type: 'import-line',
      owner,
      id: importLineId(import_id, 1),
      expect: 'absent',
      state: { acceptedAt: this.now },
      body: {
        request: {
          user_id: 'p1',
          medication_id: 'm1',
          schedule,
          medication: { name: 'lisinopril', ...medication },
        },
      },
    });
    const payload: ImportChunk = {
      import_id,
      accepted_at: this.now,
      role: 'service',
      submitted_by: 's1',
      lines: [{ line: 1, owner }],
    };
    const done = this.commit(await importChunk(this.job(payload), this.world()));
    const [child] = 'children' in done ? (done.children ?? []) : [];
    if (!child) throw new Error(`The line was refused: ${JSON.stringify(done)}`);
    this.now = addSeconds(this.now, 5);
    // What the chunk has made of the line is such a payload.
    const job = this.job(child.payload as unknown as MedicationReminder, {
      createdAt: child.acceptedAt ?? this.now,
      dueAt: child.dueAt ?? this.now,
    });
    this.commit(await remind(job, this.world()));
  }

  async count(current_supply: number) {
    const payload = { user_id: 'p1', medication_id: 'm1', current_supply };
    this.commit(await check(this.job(payload, { jobId: `01${this.now}` }), this.world()));
  }

  async look() {
    const payload = { user_id: 'p1', medications: ['m1'] };
    const done = this.commit(await monitor(this.job(payload), this.world()));
    const found = done.end === 'succeeded' ? done.result['medications'] : undefined;
    return {
      outcome: Array.isArray(found) ? found[0] : undefined,
      children: 'children' in done && done.children,
    };
  }

  onHand = async () => (await this.look()).outcome?.units_on_hand;

  stop = () => stopMedication(this.operations(), PATIENT, TARGET, this.request());
  put = (wishes: MedicationWishes) =>
    putMedication(this.operations(), PATIENT, TARGET, { name: 'lisinopril', ...wishes }, this.request());

  private operations() {
    return {
      schedules: createInMemorySchedules(this.db),
      records: createInMemoryRecords(this.db),
      audit: createInMemoryAudit(this.db),
      refs: this.refs,
      random: createCountingRandom(),
    };
  }
  private request = () => ({ correlationId: 'c-1', receivedAt: this.now });
}
