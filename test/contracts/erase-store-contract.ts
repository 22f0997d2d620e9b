import { describe, expect, test } from 'vitest';
import type { RecordReader, RecordWrite } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { DueBuckets, ScheduleStore } from '#shared/operations/ports.ts';
import type { EraseStore } from '#shared/operations/rights-ports.ts';
import { NOW, unique } from './sample-jobs.ts';

export interface EraseParts {
  readonly erasing: EraseStore;
  readonly schedules: ScheduleStore;
  /** Of an environment of its own: it remembers nothing that it has not read. */
  readonly fresh: () => { readonly records: RecordReader; readonly schedules: ScheduleStore };
  readonly dueBuckets: DueBuckets;
}

const DUE = addSeconds(NOW, 86_400);

/** What every EraseStore promises, over the records that a ScheduleStore writes. */
export function eraseStoreContract(name: string, make: () => Promise<EraseParts>): void {
  /** A user with a medication, its schedule, two doses and the decision to be erased. */
  async function filled({ schedules }: EraseParts, dueAt = NOW) {
    const owner = unique('owner');
    const ids = { userId: 'u', medicationId: 'm' };
    const dose = (id: string): RecordWrite => ({
      type: 'occurrence',
      owner,
      id,
      expect: 'absent',
      state: { status: 'taken', dueAt: NOW, scheduleRevision: 1, reason: null },
      body: { ...ids, localTime: NOW, timeZone: 'UTC', slots: ['08:00'] },
    });
    const writes: RecordWrite[] = [
      { type: 'medication', owner, id: 'm', expect: 'absent', state: { status: 'active' }, body: ids },
      {
        type: 'schedule',
        owner,
        id: 'm',
        expect: 'absent',
        state: { status: 'active', nextDueAt: DUE, acceptedAt: NOW, revision: 1 },
        body: {
          ...ids,
          frequency: 'QD',
          times: ['08:00'],
          timeZone: 'UTC',
          startDate: '2031-05-06',
          tzdataVersion: 't',
        },
      },
      dose('2031-05-06_0800_m'),
      dose('2031-05-07_0800_m'),
      {
        type: 'erasure',
        owner,
        id: '',
        expect: 'absent',
        state: { status: 'scheduled', erasureId: 'e', dueAt },
        body: { userId: 'u' },
      },
    ];
    expect(await schedules.commit(writes, [])).toBe('committed');
    return owner;
  }

  const decision = (owner: string) => ({ type: 'erasure', owner, id: '' }) as const;

  const entries = async ({ dueBuckets }: EraseParts, owner: string) => {
    let found = 0;
    for (let shard = 0; shard < dueBuckets.shards; shard += 1)
      for await (const entry of dueBuckets.read(shard, `${DUE.slice(0, 16)}:00.000Z`))
        if (entry.owner === owner) found += 1;
    return found;
  };

  const standing = async ({ fresh }: EraseParts, owner: string) => {
    const found: string[] = [];
    for (const type of ['medication', 'schedule', 'occurrence', 'erasure', 'erased'] as const)
      for await (const record of fresh().records.list(type, owner, '')) found.push(record.type);
    return found;
  };

  describe(`${name}: what it takes to erase a user`, () => {
    test('finds those whose time has come, in order of time, until they are settled', async () => {
      const parts = await make();
      const second = await filled(parts, addSeconds(NOW, -10));
      const first = await filled(parts, addSeconds(NOW, -20));
      const exact = await filled(parts, NOW);
      const later = await filled(parts, addSeconds(NOW, 1));
      const due = async () => (await parts.erasing.due(NOW, 1_000)).map(({ owner }) => owner);
      const ours = async () => (await due()).filter((one) => [first, second, exact, later].includes(one));
      expect(await ours()).toEqual([first, second, exact]);
      expect(await parts.erasing.due(NOW, 1)).toHaveLength(1);
      const entry = { owner: second, dueAt: addSeconds(NOW, -10) };
      await parts.erasing.settle(entry);
      await parts.erasing.settle(entry);
      expect(await ours()).toEqual([first, exact]);
    });

    test('deletes records with the entry of the next dose, some at a time, and keeps the decision', async () => {
      const parts = await make();
      const [owner, other] = [await filled(parts), await filled(parts)];
      expect(await entries(parts, owner)).toBe(1);
      await parts.erasing.markErased(owner, NOW);
      await parts.erasing.markErased(owner, addSeconds(NOW, 1));
      const deleted: number[] = [];
      for (let some = -1; some !== 0; ) {
        some = await parts.erasing.deleteRecords(owner, 3);
        deleted.push(some);
      }
      expect(deleted).toEqual([3, 1, 0]);
      expect(await standing(parts, owner)).toEqual(['erasure', 'erased']);
      expect(await entries(parts, owner)).toBe(0);
      expect(await standing(parts, other)).toHaveLength(5);
      expect(await entries(parts, other)).toBe(1);
      await parts.erasing.deleteDecision(owner);
      await parts.erasing.deleteDecision(owner);
      expect(await standing(parts, owner)).toEqual(['erased']);
      const [mark] = await parts.fresh().records.readMany([{ type: 'erased', owner, id: '' }]);
      expect(mark).toMatchObject({ state: { at: NOW }, body: {} });
    });

    test('takes the user off the list of those with a medication', async () => {
      const parts = await make();
      const owner = await filled(parts);
      await parts.erasing.deleteRecords(owner, 100);
      await parts.erasing.deleteUserRow(owner);
      await parts.erasing.deleteUserRow(owner);
      expect(await parts.fresh().records.owners(owner, 10)).toEqual([]);
    });

    test('takes the user off the lists of those who were given a grant, and nobody else', async () => {
      const parts = await make();
      const [owner, other] = [await filled(parts), await filled(parts)];
      const [son, nurse] = [unique('son'), unique('nurse')];
      for (const one of [owner, other]) {
        const team = { type: 'careTeam', owner: one, id: '', expect: 'absent', state: {} } as const;
        const write = { ...team, body: { userId: 'u', members: [] }, grantees: [son, nurse] };
        expect(await parts.schedules.commit([write], [])).toBe('committed');
      }
      await parts.erasing.deleteGrantees(owner, [son]);
      await parts.erasing.deleteGrantees(owner, [son]);
      const { records } = parts.fresh();
      expect(await records.patientsOf(son, 10)).toEqual([other]);
      expect(await records.patientsOf(nurse, 10)).toEqual([owner, other].toSorted());
    });

    test('a closed secret seals nothing new, and opens what stands', async () => {
      const parts = await make();
      const owner = await filled(parts);
      expect(await parts.erasing.secret(owner)).toEqual({ state: 'open' });
      await parts.erasing.closeSecret(owner, NOW);
      await parts.erasing.closeSecret(owner, addSeconds(NOW, 60));
      expect(await parts.erasing.secret(owner)).toEqual({ state: 'closed', at: NOW });
      const { schedules } = parts.fresh();
      expect(await schedules.read(decision(owner))).toMatchObject({ body: { userId: 'u' } });
      const write = { ...decision(owner), expect: 'any', state: { status: 'none' }, body: { userId: 'u' } };
      // Not even once it was opened, and would be at hand.
      await expect(schedules.commit([write as RecordWrite], [])).rejects.toMatchObject({
        code: 'user_erased',
      });
    });

    test('a destroyed secret leaves a mark, and there is never another one', async () => {
      const parts = await make();
      const owner = await filled(parts);
      await expect(parts.erasing.destroySecret(owner, 'e', NOW)).rejects.toThrow(/closed/);
      await parts.erasing.closeSecret(owner, NOW);
      await parts.erasing.destroySecret(owner, 'e', NOW);
      await parts.erasing.destroySecret(owner, 'other', addSeconds(NOW, 60));
      expect(await parts.erasing.secret(owner)).toEqual({ state: 'destroyed', at: NOW, erasureId: 'e' });
      const { schedules } = parts.fresh();
      const write = { ...decision(owner), id: 'new', expect: 'absent', state: { status: 'none' }, body: {} };
      await expect(schedules.commit([write as RecordWrite], [])).rejects.toMatchObject({
        code: 'user_erased',
      });
    });

    test('of whom nothing is known a closed secret keeps one from being made', async () => {
      const parts = await make();
      const owner = unique('nobody');
      expect((await parts.erasing.secret(owner)).state).toMatch(/^(none|open)$/);
      await parts.erasing.closeSecret(owner, NOW);
      const write = {
        ...decision(owner),
        expect: 'absent',
        state: { status: 'none' },
        body: { userId: 'u' },
      };
      await expect(parts.fresh().schedules.commit([write as RecordWrite], [])).rejects.toMatchObject({
        code: 'user_erased',
      });
    });
  });
}
