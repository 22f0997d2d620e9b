import { beforeEach, describe, expect, it } from 'vitest';
import { PATIENT, problemOf, RecordsBench, SERVICE } from '#test/builders/records-bench.ts';
import type { DeliveryReportBody } from './bodies/delivery-report.ts';
import { reportDelivery } from './report-delivery.ts';

const NOW = '2027-03-01T13:20:00.000Z';
const AT = '2027-03-01T13:00:05.000Z';
const DELIVERED: DeliveryReportBody = { status: 'delivered', channel: 'push', at: AT };
const FAILED: DeliveryReportBody = { status: 'failed', channel: 'push', at: AT, reason_code: 'no_device' };

let bench: RecordsBench;
beforeEach(() => {
  bench = new RecordsBench();
});

const report = (id: string, body: DeliveryReportBody, caller = SERVICE) =>
  reportDelivery(bench, caller, { userId: 'p1', reminderId: id }, body, bench.at(NOW));

describe('a report of delivery', () => {
  it('makes a published reminder delivered, with its audit entry', async () => {
    const id = bench.occurrence();
    expect(await report(id, DELIVERED)).toMatchObject({
      status: 'delivered',
      delivery: { status: 'delivered', channel: 'push', at: AT },
    });
    expect(bench.trail()).toMatchObject([
      { action: 'reminder.delivered', details: { reminder_id: id, from: 'published', channel: 'push' } },
    ]);
  });

  it('that it failed makes it undelivered, which is not missed; a later channel may deliver it', async () => {
    const id = bench.occurrence();
    expect(await report(id, FAILED)).toMatchObject({
      status: 'undelivered',
      delivery: { status: 'failed', reason_code: 'no_device' },
    });
    const evening = { correlationId: 'c', receivedAt: '2027-03-01T20:00:00.000Z' };
    const sms = { ...DELIVERED, channel: 'sms' };
    expect(
      await reportDelivery(bench, SERVICE, { userId: 'p1', reminderId: id }, sms, evening),
    ).toMatchObject({ status: 'missed', delivery: { channel: 'sms' } });
  });

  it('of failure on a second channel leaves a delivered one delivered', async () => {
    const id = bench.occurrence({ status: 'delivered' });
    expect(await report(id, { ...FAILED, channel: 'sms' })).toMatchObject({ status: 'delivered' });
    expect(bench.trail()).toMatchObject([{ action: 'reminder.undelivered', details: { channel: 'sms' } }]);
  });

  it('that a channel takes back makes a delivered one undelivered, and a caregiver is told', async () => {
    const id = bench.occurrence();
    await report(id, { ...DELIVERED, channel: 'mail' });
    const bounced = { ...FAILED, channel: 'mail', at: '2027-03-01T13:05:00.000Z' };
    expect(await report(id, bounced)).toMatchObject({
      status: 'undelivered',
      delivery: { status: 'failed', channel: 'mail' },
    });
    expect([...bench.db.payloads.values()]).toMatchObject([
      { body: { purpose: 'escalation', cause: 'undelivered' } },
    ]);
    const again = { ...DELIVERED, channel: 'sms', at: '2027-03-01T13:06:00.000Z' };
    expect(await report(id, again)).toMatchObject({ status: 'delivered', delivery: { channel: 'sms' } });
  });

  it('of failure that is older than the delivery, or that another channel delivered meanwhile, changes nothing', async () => {
    const id = bench.occurrence();
    await report(id, DELIVERED);
    expect(await report(id, { ...FAILED, at: '2027-03-01T13:00:04.000Z' })).toMatchObject({
      status: 'delivered',
    });
    await report(id, { ...DELIVERED, channel: 'sms', at: '2027-03-01T13:00:09.000Z' });
    const late = { ...FAILED, at: '2027-03-01T13:05:00.000Z' };
    expect(await report(id, late)).toMatchObject({ status: 'delivered', delivery: { channel: 'sms' } });
  });

  it.each([
    ['to be told', '2027-03-01T13:20:00.000Z', 'scheduled'],
    ['too late', '2027-03-01T19:00:00.000Z', 'not_sent'],
  ])('of a dose that is due and was not made yet is refused: %s', async (_, now, status) => {
    bench.medication('m1', 'active', { nextDueAt: '2027-03-01T13:00:00.000Z' });
    const target = { userId: 'p1', reminderId: `2027-03-01_0800_${bench.medicationRef()}` };
    const problem = await problemOf(reportDelivery(bench, SERVICE, target, DELIVERED, bench.at(now)));
    expect(problem).toMatchObject({ code: 'state_conflict' });
    expect(problem.message).toContain(`The reminder is ${status}`);
    expect(await bench.read('occurrence', target.reminderId)).toBeUndefined();
  });

  it('keeps the words of its caller out of the trail and of what stands in the clear', async () => {
    const id = bench.occurrence();
    const words = { channel: 'pager_of_j_smith', reason_code: 'line_212_555_0147' };
    expect(await report(id, { ...FAILED, ...words })).toMatchObject({ delivery: words });
    const stored = await bench.read('occurrence', id);
    expect(JSON.stringify([bench.trail(), stored?.state])).not.toMatch(/smith|0147/);
    expect(bench.trail()).toMatchObject([{ details: { channel: 'other' } }]);
  });

  it('of an older record is shown from where it stood, and replaced', async () => {
    const before = { status: 'failed', channel: 'sms', at: AT } as const;
    const id = bench.occurrence({ status: 'undelivered', delivery: before });
    const again = { status: 'failed', channel: 'sms', at: AT } as const;
    expect(await report(id, again)).toMatchObject({ delivery: before });
    expect(bench.trail()).toMatchObject([{ action: 'reminders.read', details: { repeated: true } }]);
    expect(await report(id, DELIVERED)).toMatchObject({ delivery: { channel: 'push' } });
    expect((await bench.read('occurrence', id))?.state.delivery).toBeUndefined();
  });

  it('that comes before our own commit is believed', async () => {
    const id = bench.occurrence({ status: 'sending' });
    expect(await report(id, DELIVERED)).toMatchObject({ status: 'delivered' });
  });

  it.each(['taken', 'skipped', 'snoozed'] as const)('after %s is kept beside the answer', async (status) => {
    const id = bench.occurrence({ status });
    expect(await report(id, DELIVERED)).toMatchObject({ status, delivery: { status: 'delivered' } });
  });

  it('once more is answered alike, changes nothing, and is a read that has to be recorded', async () => {
    const id = bench.occurrence();
    const first = await report(id, FAILED);
    expect(await report(id, FAILED)).toEqual(first);
    expect(bench.trail().map(({ action, details }) => [action, details['repeated']])).toEqual([
      ['reminder.undelivered', undefined],
      ['reminders.read', true],
    ]);
  });

  it.each(['scheduled', 'not_sent', 'needs_confirmation'] as const)(
    'on one that is %s is refused',
    async (status) => {
      const problem = await problemOf(report(bench.occurrence({ status }), DELIVERED));
      expect(problem.code).toBe('state_conflict');
      expect(problem.message).toContain(status);
    },
  );

  it.each<[DeliveryReportBody, string, string]>([
    [{ ...DELIVERED, at: '2027-03-01T13:20:01Z' }, '/at', 'in_future'],
    [{ ...DELIVERED, at: '2020-01-01T00:00:00Z' }, '/at', 'not_of_this_slot'],
    [{ ...DELIVERED, reason_code: 'no_device' }, '/reason_code', 'not_allowed'],
  ])('%j is refused at %s: %s', async (body, pointer, code) => {
    expect(await problemOf(report(bench.occurrence(), body))).toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer, code }],
    });
  });

  it('is for services only, and about a reminder that stands', async () => {
    expect(await problemOf(report(bench.occurrence(), DELIVERED, PATIENT))).toMatchObject({
      code: 'forbidden',
    });
    expect(await problemOf(report('2027-03-01_0900_x', DELIVERED))).toMatchObject({
      code: 'reminder_not_found',
    });
  });
});
