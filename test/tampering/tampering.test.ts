import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, pemOf, verifyBundle } from '#shared/evidence/bundle.ts';
import type { JobRowFacts } from '#shared/evidence/job-row-facts.ts';
import { readSeal } from '#shared/evidence/read-seal.ts';
import { exportBundle } from '#shared/operations/export-bundle.ts';
import type { TrailVerdict } from '#shared/operations/verify-trail.ts';
import {
  copyOf,
  depsOf,
  forger,
  HOURS,
  pinnedKey,
  sealedWorld,
  textOf,
  verifyWorld,
  type World,
} from './sealed-world.ts';
import { cutOff, drawOf, TAMPERINGS } from './tamper.ts';

const TAMPERINGS_IN_ALL = 1_000;

/** One verifier: whether it says of a world that all of it is proved. */
type Verifier = (world: World) => Promise<boolean>;

const allVerified = ({ hours, whole }: TrailVerdict) =>
  whole && hours.length === HOURS.length && hours.every(({ status }) => status === 'verified');
const bundleVerified = ({ bundle }: World, key = pinnedKey) => {
  const { faults, gaps } = verifyBundle(bundle, { key });
  return faults.length === 0 && gaps.length === 0;
};

const real: Verifier = async (world) => allVerified(await verifyWorld(world)) && bundleVerified(world);

/** The same with one eye shut. */
const WEAKENED: Readonly<Record<string, Verifier>> = {
  'that does not look at the table': async (world) => {
    const { hours, faultyChains } = await verifyWorld(world);
    const seen = hours.filter(({ faults }) => !faults.every((fault) => fault.startsWith('entry_')));
    return (
      faultyChains.length === 0 && seen.every(({ status }) => status !== 'faulty') && bundleVerified(world)
    );
  },
  'that does not look at job rows': async (world) => {
    const verdict = await verifyWorld(world);
    return verdict.hours.every(({ status }) => status === 'verified') && bundleVerified(world);
  },
  'that trusts the key of a forger for the last hour': async (world) => {
    const forged = await verifyWorld(world, [forger.publicKey]);
    const last = forged.hours.at(-1)?.status === 'verified';
    const others = (await verifyWorld(world)).hours.slice(0, -1);
    return (last && others.every(({ status }) => status === 'verified')) || real(world);
  },
  'that takes a bundle at its word where nothing is signed': async (world) => {
    const { faults, gaps } = verifyBundle(world.bundle, { key: pinnedKey });
    const ends = gaps.every((gap) => gap === 'entries_unsealed');
    return allVerified(await verifyWorld(world)) && faults.length === 0 && ends;
  },
  'that does not ask whether a bundle ends with its job': async (world) => {
    const { faults, unsealed } = verifyBundle(world.bundle, { key: pinnedKey });
    return allVerified(await verifyWorld(world)) && faults.length === 0 && unsealed === 0;
  },
  'that looks at no bundle': async (world) => allVerified(await verifyWorld(world)),
};

let untouched: World;
beforeAll(async () => {
  untouched = await sealedWorld();
});

/** Every kind of tampering in turn, each with draws of its own. */
const plans = Object.entries(TAMPERINGS).flatMap(([target, ways]) =>
  Object.entries(ways).flatMap(([way, all]) => all.map((tamper) => ({ name: `${target}: ${way}`, tamper }))),
);

async function missedBy(verifier: Verifier, count: number): Promise<readonly string[]> {
  const missed: string[] = [];
  for (let seed = 0; seed < count; seed += 1) {
    const plan = plans[seed % plans.length];
    if (!plan) throw new Error('There are tamperings.');
    const world = copyOf(untouched);
    await plan.tamper(world, drawOf(seed));
    // A tampering that changes nothing would prove nothing.
    expect(textOf(world), `${plan.name}, seed ${seed}`).not.toBe(textOf(untouched));
    if (await verifier(world)) missed.push(`${plan.name}, seed ${seed}`);
  }
  return missed;
}

describe('tampering', () => {
  it('is not seen where there is none', async () => {
    expect(await verifyWorld(untouched)).toMatchObject({ whole: true, chains: 6, faultyChains: [] });
    expect(await real(untouched)).toBe(true);
    for (const weakened of Object.values(WEAKENED)) expect(await weakened(untouched)).toBe(true);
  });

  it(`is found, each of ${TAMPERINGS_IN_ALL} times`, async () => {
    expect(await missedBy(real, TAMPERINGS_IN_ALL)).toEqual([]);
  }, 120_000);

  // If these found everything, the run above would show nothing of the checks that they lack.
  it.each(Object.entries(WEAKENED))(
    'would be missed by a verifier %s',
    async (_, verifier) => {
      expect((await missedBy(verifier, plans.length * 3)).length).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe('what a bundle does not prove', () => {
  const forgedWith = (name: string) => {
    const ways = TAMPERINGS['bundle']?.[name] ?? [];
    const world = copyOf(untouched);
    ways.at(-1)?.(world, drawOf(1));
    return verifyBundle(world.bundle, { key: pinnedKey });
  };

  it('is said of one that is forged as a whole, and holds no seal', () => {
    expect(forgedWith('overwrite')).toMatchObject({
      faults: [],
      gaps: expect.arrayContaining(['entries_unsealed']),
      sealed: 0,
    });
  });

  it('is said of one whose end was cut off, with all that belongs to it', () => {
    expect(forgedWith('truncate')).toMatchObject({ faults: [], gaps: ['job_not_ended'], unsealed: 0 });
  });

  it('is said of a failure, after which the job can have gone on', async () => {
    const deps = { ...depsOf(untouched), publicKey: pemOf(pinnedKey) };
    const whole = await exportBundle(deps, 'job-1');
    expect(verifyBundle(bundleText(whole), { key: pinnedKey })).toMatchObject({ faults: [], gaps: [] });
    const earlier = bundleText(cutOff(whole, 2));
    expect(verifyBundle(earlier, { key: pinnedKey })).toMatchObject({
      faults: [],
      gaps: ['may_have_been_retried'],
    });
  });

  it('is said when no key is known from elsewhere', () => {
    expect(verifyBundle(untouched.bundle).gaps).toEqual(['key_unknown']);
    const seal = readSeal(untouched.seals.get(HOURS[1] ?? '')?.at(-1) ?? '');
    expect(verifyBundle(untouched.bundle, seal && { seal }).gaps).toEqual([]);
    const foreign = readSeal(untouched.seals.get(HOURS[8] ?? '')?.at(-1) ?? '');
    expect(verifyBundle(untouched.bundle, foreign && { seal: foreign }).gaps).toEqual(['key_unknown']);
  });
});

describe('what tampering is told of', () => {
  const verdictAfter = async (change: (world: World) => void) => {
    const world = copyOf(untouched);
    change(world);
    return verifyWorld(world);
  };

  it('an entry that was slipped into a closed hour, or into one that is still open for late ones', async () => {
    const closed = await verdictAfter((world) => {
      const [entry] = world.entries;
      if (entry) world.entries.push({ ...entry, entryId: 'forged' });
    });
    expect(closed.hours[0]).toMatchObject({ status: 'faulty', faults: ['entry_not_sealed'] });
    const open = await verdictAfter((world) => {
      const entry = world.entries.find(({ at }) => at.startsWith('2031-05-06T08'));
      if (entry) world.entries.push({ ...entry, entryId: 'forged', jobId: 'none' });
    });
    expect(open.hours[8]).toMatchObject({ status: 'unsealed', unsealed: 1, faults: [] });
  });

  it('seals that are gone, hidden or made anew', async () => {
    const gone = await verdictAfter((world) => world.seals.delete('2031-05-06T03'));
    expect(gone.hours[3]).toMatchObject({ status: 'faulty', faults: ['seal_missing'] });
    expect(gone.hours[4]?.faults).toContain('link_broken');
    const hidden = await verdictAfter((world) => void world.seals.get('2031-05-06T08')?.push(''));
    expect(hidden.hours[8]?.faults).toEqual(['seal_overwritten', 'seal_missing']);
    const tail = await verdictAfter((world) => {
      for (const hour of HOURS.slice(5)) world.seals.delete(hour);
    });
    expect(tail.hours.slice(5).map(({ faults }) => faults)).toEqual([
      ['seal_missing'],
      ['seal_missing'],
      ['seal_missing'],
      // Its seal may still be on its way.
      [],
    ]);
    expect(tail.hours[8]?.status).toBe('unsealed');
  });

  const rowsChanged = async (facts: Readonly<Record<string, object>>) => {
    const { faultyChains } = await verdictAfter((world) => {
      for (const [jobId, change] of Object.entries(facts))
        world.rows.set(jobId, Object.assign({ ...world.rows.get(jobId) }, change) as JobRowFacts);
    });
    return faultyChains;
  };

  it('job rows', async () => {
    const gone = await verdictAfter((world) => world.rows.delete('job-1'));
    expect(gone.faultyChains).toEqual([{ jobId: 'job-1', fault: 'row_missing' }]);
    const changed = { 'job-2': { chainSeq: 2, chainHash: '' }, 'job-3': { status: 'failed' } };
    expect(await rowsChanged(changed)).toEqual([
      { jobId: 'job-2', fault: 'head_differs' },
      { jobId: 'job-3', fault: 'row_differs' },
    ]);
  });

  it.each<[string, Partial<JobRowFacts>]>([
    ['to another patient', { userRef: 'another-patient' }],
    ['to nobody', { userRef: undefined } as object],
    ['another time', { createdAt: '2031-05-06T00:00:00.000Z' }],
    ['another due time', { dueAt: '2031-05-06T00:00:00.000Z' }],
    ['another kind', { kind: 'backup' }],
    ['another priority', { priority: 'CRITICAL' }],
    ['to somebody else who ordered it', { actorRef: 'another-actor' }],
    ['another parent', { parentId: 'job-0', childKey: 'child' }],
    ['no salt, as rows of old have none', { rowSalt: undefined } as object],
    ['another place in the index by patient', { misplaced: true }],
  ])('a row that was given %s after its acceptance, and no bundle is made of it', async (_, facts) => {
    expect(await rowsChanged({ 'job-4': facts })).toEqual([{ jobId: 'job-4', fault: 'row_differs' }]);
    const world = copyOf(untouched);
    world.rows.set('job-4', { ...(world.rows.get('job-4') as JobRowFacts), ...facts });
    await expect(exportBundle({ ...depsOf(world), publicKey: '' }, 'job-4')).rejects.toThrow(
      'not what was accepted',
    );
  });
});
