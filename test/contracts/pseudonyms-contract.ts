import { describe, expect, test } from 'vitest';
import { CHAIN_START, chainedEntry, standaloneEntry, verifyChain } from '#shared/evidence/audit-chain.ts';
import type { AuditDraft, AuditEntry } from '#shared/evidence/audit-entry.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { AuditPages } from '#shared/operations/audit-ports.ts';
import { jobChange, systemActor } from '#shared/operations/job-change.ts';
import type { AuditLog, JobStore, KeyedHashes, NewJob } from '#shared/operations/ports.ts';
import type { PseudonymsOf, SubjectTrail } from '#shared/operations/rights-ports.ts';
import { sealHours } from '#shared/operations/seal-hours.ts';
import type { AuditTrail } from '#shared/operations/seal-ports.ts';
import { verifyTrail } from '#shared/operations/verify-trail.ts';
import { createInMemoryVault, createSealKey } from '#test/fakes/in-memory-seals.ts';
import { createRecordingLog } from '#test/fakes/quiet.ts';
import { random, sampleJob, unique } from './sample-jobs.ts';

/** A deployment whose clock a test sets. */
export interface PseudonymWorld {
  /** A new environment: it remembers no key. */
  start(): {
    readonly audit: AuditLog;
    readonly store: JobStore;
    readonly pseudonymsOf: PseudonymsOf;
  };
  readonly refs: KeyedHashes;
  /** Writes entries as versions did that knew no pseudonyms. */
  readonly before: AuditLog;
  readonly trail: SubjectTrail;
  readonly pages: AuditPages;
  readonly hours: AuditTrail;
  setTime(now: Instant): void;
}

const LONG_AGO = '2029-12-01T00:00:00.000Z';
const LAST = '2030-12-31T23:59:59.999Z';
const FIRST = '2031-01-01T00:00:00.000Z';
const RANGE = { from: '2029-11-01T00:00:00.000Z', to: '2031-02-01T00:00:00.000Z' };
const BARE = /"[a-z2-7]{26}"/;
const EVERY = () => true;

/** What writing and finding entries promises over the years, whatever keeps them. */
export function pseudonymsContract(name: string, make: () => Promise<PseudonymWorld>): void {
  /** One who acts for another one, and the patient. */
  function peopleOf({ refs }: PseudonymWorld) {
    const ids = { patient: unique('patient'), nurse: unique('nurse'), doctor: unique('doctor') };
    return {
      subjectRef: refs.user(ids.patient),
      actor: {
        ref: refs.actor(ids.nurse),
        role: 'clinician',
        tokenId: refs.token('a token'),
        onBehalfOf: refs.user(ids.doctor),
      },
    };
  }

  const draftOf = (people: Pick<AuditDraft, 'actor' | 'subjectRef'>, at: Instant): AuditDraft => ({
    at,
    action: 'medications.read',
    outcome: 'success',
    ...people,
    correlationId: 'c',
    details: { about: people.actor.ref, count: 3 },
  });

  /** One entry of a version that knew no pseudonyms, one of a year's last moment, and one of the next one's first. */
  async function threeYears(world: PseudonymWorld) {
    const people = peopleOf(world);
    const entries = [LONG_AGO, LAST, FIRST].map((at) =>
      standaloneEntry(draftOf(people, at), random.ulid(at)),
    );
    for (const [index, entry] of entries.entries()) {
      world.setTime(entry.at);
      await (index === 0 ? world.before : world.start().audit).put(entry);
    }
    return { people, entries, ids: entries.map(({ entryId }) => entryId) };
  }

  const idsOf = (entries: readonly AuditEntry[]) => entries.map(({ entryId }) => entryId);

  async function found(world: PseudonymWorld, ref: string): Promise<readonly AuditEntry[]> {
    const names = await world.start().pseudonymsOf(ref);
    const { entries } = await world.trail.page(names, RANGE, EVERY, 10);
    return entries.toReversed();
  }

  /** A job of somebody, accepted in a year’s last moment. */
  function jobOf(world: PseudonymWorld): NewJob {
    const people = peopleOf(world);
    const job = sampleJob({ createdAt: LAST, userRef: people.subjectRef });
    const { jobId, kind, priority } = job.row;
    const of = draftOf(people, LAST);
    const details = { ...of.details, kind, priority };
    const draft = { ...of, action: 'job.accepted', jobId, details } as const;
    const { entry, head } = chainedEntry(draft, job.audit.entryId, CHAIN_START);
    return { ...job, row: { ...job.row, ...head }, audit: entry };
  }

  /** Cancelled in the first moment of the next year, and by the system. */
  async function twoYearsOfAJob(world: PseudonymWorld): Promise<string> {
    const job = jobOf(world);
    const { jobId } = job.row;
    world.setTime(LAST);
    await world.start().store.accept(job);
    world.setTime(FIRST);
    const { store } = world.start();
    const before = await store.read(jobId);
    if (!before) throw new Error('The job is gone.');
    const plan = { event: 'cancel', before, now: FIRST, actor: systemActor('worker') } as const;
    expect(await store.commit(jobChange(plan, random))).toBe('committed');
    return jobId;
  }

  describe(`${name}: pseudonyms of the audit trail`, () => {
    test('stand for whoever acts, for whom, and whose data it is; each year under another key', async () => {
      const world = await make();
      const { people } = await threeYears(world);
      const [, last, first] = await found(world, people.subjectRef);
      for (const [entry, year] of [
        [last, '2030'],
        [first, '2031'],
      ] as const) {
        const name = expect.stringMatching(new RegExp(`^${year}-[a-z2-7]{26}$`));
        expect(entry).toMatchObject({
          subjectRef: name,
          actor: { ref: name, role: 'clinician', tokenId: name, onBehalfOf: name },
          details: { about: entry?.actor.ref, count: 3 },
        });
        expect(JSON.stringify(entry)).not.toMatch(BARE);
      }
      expect(first?.subjectRef?.slice(5)).not.toBe(last?.subjectRef?.slice(5));
    });

    test('of one year are the same in every environment, and stand for nobody else', async () => {
      const world = await make();
      const [one, other] = [peopleOf(world), peopleOf(world)];
      world.setTime(FIRST);
      const names = async (people: typeof one) => (await found(world, people.subjectRef))[0]?.subjectRef;
      for (const people of [one, one, other])
        await world.start().audit.put(standaloneEntry(draftOf(people, FIRST), random.ulid(FIRST)));
      expect(new Set((await found(world, one.subjectRef)).map(({ subjectRef }) => subjectRef)).size).toBe(1);
      expect(await names(other)).not.toBe(await names(one));
    });

    test('leave no look-up without an answer: of a patient, of somebody who acts, and from before there were any', async () => {
      const world = await make();
      const { people, ids } = await threeYears(world);
      expect(idsOf(await found(world, people.subjectRef))).toEqual(ids);
      for (const [by, ref] of [
        ['subject', people.subjectRef],
        ['actor', people.actor.ref],
      ] as const) {
        const pseudonyms = await world.start().pseudonymsOf(ref);
        const page = await world.pages.page({ by, ref, pseudonyms }, RANGE, 10);
        expect(new Set(idsOf(page.entries))).toEqual(new Set(ids));
      }
    });

    test('that an entry carries are asked for as they are, and lead to the entries of their year', async () => {
      const world = await make();
      const { people, ids } = await threeYears(world);
      const [, last] = await found(world, people.subjectRef);
      const ref = last?.actor.ref ?? '';
      expect(await world.start().pseudonymsOf(ref)).toEqual([ref]);
      expect(idsOf((await world.pages.page({ by: 'actor', ref }, RANGE, 10)).entries)).toEqual([ids[1]]);
    });

    test('are not hashed again where an entry tells of another one, and parts of the system keep their names', async () => {
      const world = await make();
      const { people } = await threeYears(world);
      const [, last] = await found(world, people.subjectRef);
      const told = {
        ...draftOf({ subjectRef: last?.subjectRef ?? '', actor: systemActor('worker') }, FIRST),
        jobId: unique('job'),
      };
      await world.start().audit.putAll([standaloneEntry(told, random.ulid(FIRST))]);
      const copy = (await found(world, people.subjectRef)).find(({ jobId }) => jobId === told.jobId);
      expect(copy).toMatchObject({ subjectRef: last?.subjectRef, actor: { ref: 'system:worker' } });
    });

    test('last as long as entries do, and then nobody can tell any more whose those of that year were', async () => {
      const world = await make();
      const { people } = await threeYears(world);
      const years = async (now: Instant) => {
        world.setTime(now);
        return (await world.start().pseudonymsOf(people.subjectRef)).map((one) => one.slice(0, 4));
      };
      const bare = people.subjectRef.slice(0, 4);
      // Six years and a month after the last moment in which it was used.
      expect(await years('2037-01-30T23:59:59.999Z')).toEqual(['2031', '2030', bare]);
      expect(await years('2037-01-31T00:00:00.000Z')).toEqual(['2031', bare]);
      expect(await years('2038-01-31T00:00:00.000Z')).toEqual([bare]);
    });

    test('are what a chain is made of: it is whole over the turn of the year, up to the head in the row', async () => {
      const world = await make();
      const jobId = await twoYearsOfAJob(world);
      const { audit, store } = world.start();
      const [chain, row] = [await audit.chain(jobId), await store.read(jobId)];
      expect(chain.map(({ subjectRef }) => subjectRef?.slice(0, 5))).toEqual(['2030-', '2031-']);
      expect(row && verifyChain(chain, row)).toBeUndefined();
      expect(row?.chainSeq).toBe(2);
      expect(JSON.stringify(chain)).not.toMatch(BARE);
    });

    test('are what is sealed: hours and chains verify over the turn of the year', async () => {
      const world = await make();
      await threeYears(world);
      await twoYearsOfAJob(world);
      const [vault, key] = [createInMemoryVault(), createSealKey()];
      let now = addSeconds(FIRST, 30 * 60);
      const deps = { vault, trail: world.hours, clock: () => now };
      const seal = () =>
        sealHours({
          ...deps,
          sign: key.sign,
          keyId: 'k',
          random,
          metrics: { add: () => undefined },
          log: createRecordingLog(),
        });
      await seal();
      now = addSeconds(now, 86_400);
      await seal();
      const { audit, store } = world.start();
      const verify = { ...deps, audit, rowOf: store.read, keyOf: () => key.publicKey };
      const verdict = await verifyTrail(verify, '2030-12-31T23', '2031-01-01T01');
      expect(verdict.hours.map(({ hour, status, entries }) => [hour, status, entries > 0])).toEqual([
        ['2030-12-31T23', 'verified', true],
        ['2031-01-01T00', 'verified', true],
      ]);
      expect(verdict.chains).toBeGreaterThan(0);
      expect(verdict.whole).toBe(true);
    }, 60_000);
  });
}
