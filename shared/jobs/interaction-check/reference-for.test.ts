import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { inventedPack, inventedPart } from '#test/builders/reference-packs.ts';
import { InMemoryReference } from '#test/fakes/in-memory-reference.ts';
import { RetryableError } from '../../errors/attempt-error.ts';
import type { ReferenceSource } from '../ports.ts';
import { process } from './process.ts';

const bench = new KindBench('2026-03-01T00:00:00.000Z');
const run = (reference: ReferenceSource, attempt: number, medications = ['warfarin', 'zorbex']) =>
  process({ payload: { user_id: 'patient-1', medications }, attempt }, { ...bench.world(), reference });

describe('a check with a pack', () => {
  it('knows its names, and says of what nothing is known', async () => {
    const packs = new InMemoryReference();
    packs.inUse = { pack: inventedPack(), damaged: false };
    expect(await run(packs.environment(), 1)).toMatchObject({
      end: 'succeeded',
      result: {
        outcome: 'incomplete',
        unrecognised: [],
        not_assessed: [{ ingredient: 'zorbexil', reason: 'recognised_not_assessed' }],
        data_set: {
          id: expect.stringContaining(inventedPack().id),
          version: expect.stringMatching(/-pack-1$/),
          names_version: expect.stringMatching(/\+pack-1$/),
        },
      },
    });
  });

  it.each([
    [['zorbex'], 'incomplete'],
    [['zorbex', 'zorban'], 'incomplete'],
    [['zorbex', 'acetaminophen'], 'incomplete'],
  ])('that holds names only never finds none: %j', async (medications, outcome) => {
    const packs = new InMemoryReference();
    const products = { zorbexil: 'zorbex', quuxapine: 'zorban' };
    const names = { products, synonyms: {}, ambiguous: {}, rxcui: {} };
    packs.inUse = { pack: inventedPack(1, [inventedPart({ names })]), damaged: false };
    expect(await run(packs.environment(), 1, medications)).toMatchObject({ result: { outcome } });
  });

  it('that cannot be used is tried once more, and then an error of the check', async () => {
    const packs = new InMemoryReference();
    packs.inUse = { pack: inventedPack(), damaged: true };
    const source = packs.environment();
    await expect(run(source, 1)).rejects.toMatchObject({
      name: 'RetryableError',
      reason: 'dependency_unavailable',
    });
    expect(await run(source, 2)).toMatchObject({
      end: 'succeeded',
      result: { outcome: 'error', data_set: null, findings: [] },
      summary: 'error: 0 pairs compared',
    });
    packs.inUse = { pack: inventedPack(), damaged: false };
    expect(await run(source, 3)).toMatchObject({ result: { outcome: 'incomplete' } });
  });

  it('whose store is away is tried as often as any job', async () => {
    const away = () => Promise.reject(new RetryableError('dependency_unavailable', 'away'));
    await expect(run({ current: away }, 4)).rejects.toMatchObject({ reason: 'dependency_unavailable' });
  });
});
