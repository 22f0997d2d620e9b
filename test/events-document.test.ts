import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { example as noticeExample } from '#shared/jobs/break-glass-notice/example.ts';
import { process as breakGlassNotice } from '#shared/jobs/break-glass-notice/process.ts';
import type { SupplyMessage } from '#shared/jobs/ports.ts';
import { DAUGHTER, type DeliverySetting, DUE, deliveryBench } from './builders/delivery-bench.ts';
import { KindBench } from './builders/kind-bench.ts';
import { RightsBench } from './builders/rights-bench.ts';

// What docs/events.md says of the messages is held against messages that the product makes.

const document = readFileSync(join(import.meta.dirname, '../docs/events.md'), 'utf8');
const schemas = [...document.matchAll(/```json\n([\s\S]*?)```/g)]
  .map(([, text = '']) => JSON.parse(text))
  .filter(({ $schema }) => $schema !== undefined);

// The package is CommonJS: its default export is the module itself.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;
function faultsOf(title: string, message: unknown): unknown {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  addFormats(ajv);
  const schema = schemas.find((one) => one.title === title);
  if (!schema) throw new Error(`docs/events.md has no schema of ${title}.`);
  return ajv.validate(schema, message) ? [] : ajv.errors;
}

const ofCaregivers = { preferences: { caregivers: [DAUGHTER], channels: ['push'] } };

describe('the schemas in docs/events.md', () => {
  it.each<[string, DeliverySetting]>([
    ['reminder.due', {}],
    ['reminder.follow_up', { status: 'published', order: { purpose: 'follow_up', number: 1, tell_at: DUE } }],
    ['reminder.escalation', { status: 'published', order: { purpose: 'escalation' }, ...ofCaregivers }],
    [
      'reminder.needs_confirmation',
      { status: 'needs_confirmation', order: { purpose: 'needs_confirmation' } },
    ],
  ])('describe %s as it is published', async (type, setting) => {
    const { bench, run } = deliveryBench(setting);
    await run();
    expect(bench.publisher.all).toMatchObject([{ type }]);
    expect(faultsOf('ReminderMessage', bench.publisher.all[0])).toEqual([]);
  });

  it('describe a change of supply', () => {
    const message: SupplyMessage = {
      type: 'supply.urgency_changed',
      event_id: 'event-1',
      user_ref: 'user-ref',
      user_id: 'user-1',
      medication_id: 'medication-1',
      job_id: 'job-1',
      possible_duplicate: false,
    };
    expect(faultsOf('SupplyMessage', message)).toEqual([]);
    expect(faultsOf('SupplyMessage', { ...message, urgency: 'out' })).not.toEqual([]);
  });

  it('describe emergency access as it is published', async () => {
    const bench = new KindBench('2026-11-29T08:00:01.000Z');
    await breakGlassNotice(bench.job(noticeExample), bench.world());
    const [message] = bench.publisher.access;
    expect(message).toMatchObject({ type: 'access.break_glass', possible_duplicate: false });
    expect(faultsOf('AccessMessage', message)).toEqual([]);
    expect(faultsOf('AccessMessage', { ...message, reason: 'unconscious' })).not.toEqual([]);
  });

  it('describe the erasure of a user as it is told', async () => {
    const bench = new RightsBench();
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    const told = bench.engine.publisher.erasures;
    expect(told.map(({ type }) => type)).toEqual(['user.erasure_scheduled', 'user.erased']);
    for (const message of told) {
      expect(faultsOf('ErasureMessage', message)).toEqual([]);
      expect(faultsOf('ErasureMessage', { ...message, medication_id: 'm' })).not.toEqual([]);
    }
  });
});
