import { beforeEach, describe, expect, it } from 'vitest';
import { PATIENT, problemOf, RecordsBench } from '#test/builders/records-bench.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { listReminders } from './list-reminders.ts';
import type { ReminderQuery } from './reminder-range.ts';

/** After the dose of 08:00 in New York, before that of 20:00. */
const NOW = '2027-03-01T20:00:00.000Z';

let bench: RecordsBench;
beforeEach(() => {
  bench = new RecordsBench();
});

const list = async (query: Partial<ReminderQuery> = {}, now = NOW) => {
  const target = { userId: 'p1', query: { limit: 100, ...query } };
  const answer = await listReminders(bench, PATIENT, target, bench.at(now));
  return {
    ...answer,
    from: answer['from'],
    to: answer['to'],
    reminders: answer['reminders'] as JsonObject[], // the list that it is
  };
};
const told = (reminders: readonly JsonObject[]) =>
  reminders.map(({ due_at, status, preview }) => [due_at, preview === true ? 'preview' : status]);

describe('the list of reminders', () => {
  it('shows what became of past ones and a preview of future ones, in order', async () => {
    bench.medication();
    bench.occurrence();
    const { reminders, from, to } = await list({ to: '2027-03-03T00:00:00.000Z' });
    expect(told(reminders)).toEqual([
      ['2027-03-01T13:00:00.000Z', 'missed'],
      ['2027-03-02T01:00:00.000Z', 'preview'],
      ['2027-03-02T13:00:00.000Z', 'preview'],
    ]);
    expect(reminders[1]).toEqual({
      reminder_id: `2027-03-01_2000_${bench.medicationRef()}`,
      medication_id: 'm1',
      status: 'scheduled',
      preview: true,
      due_at: '2027-03-02T01:00:00.000Z',
      local_time: '2027-03-01T20:00:00-05:00',
      time_zone: 'America/New_York',
      slots: ['20:00'],
    });
    expect({ from, to }).toEqual({ from: '2027-02-17T00:00:00.000Z', to: '2027-03-03T00:00:00.000Z' });
  });

  it('reaches seven days back and ahead unless told otherwise', async () => {
    bench.medication();
    const { reminders, from, to } = await list();
    expect({ from, to }).toEqual({ from: '2027-02-22T20:00:00.000Z', to: '2027-03-08T20:00:00.000Z' });
    expect(reminders).toHaveLength(14);
  });

  it('tells missed, not sent and undelivered apart', async () => {
    const [a, b] = [bench.medicationRef('a'), bench.medicationRef('b')];
    bench.occurrence();
    bench.occurrence({ status: 'not_sent', reason: 'too_late' }, `2027-03-01_0801_${a}`);
    bench.occurrence({ status: 'undelivered' }, `2027-03-01_0802_${b}`);
    const { reminders } = await list({ to: NOW });
    expect(reminders.map(({ status, reason }) => [status, reason])).toEqual([
      ['missed', undefined],
      ['not_sent', 'too_late'],
      ['undelivered', undefined],
    ]);
  });

  it('shows a dose that stands once, not as a preview beside it', async () => {
    bench.medication('m1', 'active', { nextDueAt: '2027-03-01T13:00:00.000Z' });
    bench.occurrence({ status: 'taken' });
    const { reminders } = await list({ to: '2027-03-02T00:00:00.000Z' });
    expect(told(reminders)).toEqual([['2027-03-01T13:00:00.000Z', 'taken']]);
  });

  it.each<[string, () => void]>([
    ['a paused medication', () => bench.medication('m1', 'paused')],
    ['a stopped medication', () => bench.medication('m1', 'stopped')],
    ['a stopped schedule', () => bench.medication('m1', 'active', { status: 'stopped', nextDueAt: null })],
    ['a schedule that has ended', () => bench.medication('m1', 'active', { nextDueAt: null })],
  ])('previews nothing of %s', async (_, prepare) => {
    prepare();
    expect((await list()).reminders).toEqual([]);
  });

  describe('while the tick is behind', () => {
    const BACKLOG = { nextDueAt: '2027-03-01T13:00:00.000Z' };
    const range = { from: '2027-03-01T12:00:00.000Z', to: '2027-03-01T14:00:00.000Z' };

    it('shows a dose that is due and stands nowhere yet, in a past range, too', async () => {
      bench.medication('m1', 'active', BACKLOG);
      const { reminders } = await list(range, '2027-03-01T14:11:00.000Z');
      expect(reminders).toEqual([
        {
          reminder_id: `2027-03-01_0800_${bench.medicationRef()}`,
          medication_id: 'm1',
          status: 'scheduled',
          preview: true,
          overdue: true,
          due_at: '2027-03-01T13:00:00.000Z',
          expires_at: '2027-03-01T19:00:00.000Z',
          local_time: '2027-03-01T08:00:00-05:00',
          time_zone: 'America/New_York',
          slots: ['08:00'],
        },
      ]);
    });

    it('says of one whose window is over what will be recorded', async () => {
      bench.medication('m1', 'active', BACKLOG);
      const { reminders } = await list(range, '2027-03-01T19:00:00.000Z');
      expect(reminders).toMatchObject([{ status: 'not_sent', reason: 'too_late', overdue: true }]);
    });

    it('shows what is due of a paused medication, and nothing that is ahead', async () => {
      bench.medication('m1', 'paused', BACKLOG);
      expect(told((await list({}, '2027-03-02T02:00:00.000Z')).reminders)).toEqual([
        ['2027-03-01T13:00:00.000Z', 'preview'],
        ['2027-03-02T01:00:00.000Z', 'preview'],
      ]);
    });

    it('shows no dose from before the schedule’s next one, and none twice over the pages', async () => {
      bench.medication('m1', 'active', BACKLOG);
      bench.occurrence({ status: 'taken' });
      const { reminders } = await list({ to: '2027-03-05T00:00:00.000Z' }, '2027-03-04T20:00:00.000Z');
      expect(reminders.map(({ due_at }) => due_at)).toEqual(
        ['01T13', '02T01', '02T13', '03T01', '03T13', '04T01', '04T13'].map(
          (at) => `2027-03-${at}:00:00.000Z`,
        ),
      );
    });
  });

  it('includes its beginning and not its end', async () => {
    bench.occurrence();
    const due = '2027-03-01T13:00:00.000Z';
    const at = (from: string, to: string) => list({ from, to }).then(({ reminders }) => reminders.length);
    expect(await at(due, '2027-03-01T13:00:00.001Z')).toBe(1);
    expect(await at('2027-03-01T12:00:00.000Z', due)).toBe(0);
  });

  it('reads dates in the user’s zone, the last one as a whole day', async () => {
    bench.medication();
    const user = { userId: 'p1', timeZone: 'America/New_York' };
    bench.write<'user'>({ type: 'user', id: '', state: {}, body: user });
    const { from, to, reminders } = await list({ from: '2027-03-02', to: '2027-03-02' });
    expect({ from, to }).toEqual({ from: '2027-03-02T05:00:00.000Z', to: '2027-03-03T05:00:00.000Z' });
    expect(reminders).toHaveLength(2);
  });

  it('gives each reminder once over its pages, past and future', async () => {
    bench.medication('m1');
    bench.medication('m2');
    for (const day of ['23', '24', '25', '26', '27', '28'])
      bench.occurrence(
        { dueAt: `2027-02-${day}T13:00:00.000Z` },
        `2027-02-${day}_0800_${bench.medicationRef()}`,
      );
    const whole = await list({ limit: 200 });
    const pages: JsonObject[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 5, ...(cursor !== undefined && { cursor }) });
      pages.push(...page.reminders);
      const next: unknown = Object(page).next_cursor;
      cursor = typeof next === 'string' ? next : undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual(whole.reminders);
    expect(whole.reminders).toHaveLength(6 + 2 * 14);
    expect(whole).not.toHaveProperty('next_cursor');
  });

  it('keeps the range of its first page when time goes on', async () => {
    bench.medication();
    const first = await list({ limit: 1 });
    const cursor = String(Object(first).next_cursor);
    const second = await list({ limit: 1, cursor }, '2027-03-05T20:00:00.000Z');
    expect(second).toMatchObject({ from: first.from, to: first.to });
  });

  it.each<[Partial<ReminderQuery>, string, string]>([
    [{ from: '2027-01-01', to: '2027-03-04' }, '/to', 'range_too_long'],
    [{ from: NOW, to: NOW }, '/to', 'not_after_from'],
    [{ cursor: 'bm9uZQ' }, '/cursor', 'invalid_cursor'],
    [{ cursor: Buffer.from('["2000","2030","x"]').toString('base64url') }, '/cursor', 'invalid_cursor'],
  ])('refuses %j at %s: %s', async (query, pointer, code) => {
    expect(await problemOf(list(query))).toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer, code }],
    });
  });

  it('answers 62 days, also those with an hour more', async () => {
    bench.medication();
    const user = { userId: 'p1', timeZone: 'America/New_York' };
    bench.write<'user'>({ type: 'user', id: '', state: {}, body: user });
    const { reminders } = await list({ from: '2027-09-10', to: '2027-11-10', limit: 200 });
    expect(reminders).toHaveLength(124);
  });

  it('writes nothing but its audit entry, and is refused when that cannot be written', async () => {
    bench.medication();
    bench.occurrence();
    const before = structuredClone([...bench.db.records]);
    await list();
    expect([...bench.db.records]).toEqual(before);
    expect(bench.trail()).toMatchObject([{ action: 'reminders.read', details: { count: 15 } }]);
    const away = { ...bench, audit: { ...bench.audit, put: () => Promise.reject(new Error('away')) } };
    const target = { userId: 'p1', query: { limit: 1 } };
    await expect(listReminders(away, PATIENT, target, bench.at(NOW))).rejects.toMatchObject({
      code: 'read_not_recorded',
    });
  });

  it('is not shown to a stranger', async () => {
    const stranger = { subject: 'p2', roles: ['patient' as const], careFor: [] };
    const target = { userId: 'p1', query: { limit: 1 } };
    expect(await problemOf(listReminders(bench, stranger, target, bench.at(NOW)))).toMatchObject({
      code: 'forbidden',
    });
  });
});
