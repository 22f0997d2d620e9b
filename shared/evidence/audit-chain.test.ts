import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, type ChainHead, chainedEntry, standaloneEntry, verifyChain } from './audit-chain.ts';
import type { AuditDraft, AuditEntry } from './audit-entry.ts';

const DRAFT: AuditDraft = {
  at: '2026-11-23T20:55:41.000Z',
  action: 'job.accepted',
  outcome: 'success',
  actor: { ref: 'actor-ref', role: 'service' },
  jobId: 'job-1',
  correlationId: 'c-1',
  details: { kind: 'refill-check', attempt: 1, late: false },
};

function chainOf(drafts: readonly AuditDraft[]): { entries: AuditEntry[]; head: ChainHead } {
  let head = CHAIN_START;
  const entries = drafts.map((draft, index) => {
    const next = chainedEntry(draft, `entry-${index}`, head);
    head = next.head;
    return next.entry;
  });
  return { entries, head };
}

const details = fc.dictionary(
  fc.string({ minLength: 1 }),
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean()),
);
const chain = fc
  .array(details, { minLength: 1, maxLength: 6 })
  .map((all) => chainOf(all.map((one) => ({ ...DRAFT, details: one }))));

describe('a job’s audit chain', () => {
  it('begins at zero and hashes the canonical JSON of each entry with the hash before it', () => {
    const { entry, head } = chainedEntry(DRAFT, 'entry-1', CHAIN_START);
    const { hash, ...unsealed } = entry;
    expect(unsealed).toEqual({ v: 1, entryId: 'entry-1', ...DRAFT, seq: 1, prevHash: '0'.repeat(64) });
    // Written out by hand, so that the form of the hash cannot change unseen.
    const canonical =
      '{"action":"job.accepted","actor":{"ref":"actor-ref","role":"service"},"at":"2026-11-23T20:55:41.000Z",' +
      '"correlationId":"c-1","details":{"attempt":1,"kind":"refill-check","late":false},"entryId":"entry-1",' +
      `"jobId":"job-1","outcome":"success","prevHash":"${'0'.repeat(64)}","seq":1,"v":1}`;
    expect(hash).toBe(createHash('sha256').update(canonical).digest('hex'));
    expect(head).toEqual({ chainSeq: 1, chainHash: hash });
  });

  it('is whole as it was made, also when its entries’ members come back in another order', () => {
    fc.assert(
      fc.property(chain, ({ entries, head }) => {
        expect(verifyChain(entries, head)).toBeUndefined();
        const reversed = entries.map((entry) => Object.fromEntries(Object.entries(entry).reverse()));
        expect(verifyChain(reversed as unknown as AuditEntry[], head)).toBeUndefined(); // The same members.
      }),
    );
  });

  it('shows any change of any entry', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.string(), ({ entries, head }, nat, text) => {
        const index = nat % entries.length;
        const altered = entries.map((entry, at) =>
          at === index ? { ...entry, correlationId: `c-1${text}!` } : entry,
        );
        expect(verifyChain(altered, head)).toEqual({ at: index + 1, fault: 'hash_differs' });
      }),
    );
  });

  it('shows an entry that was changed and sealed again', () => {
    const { entries, head } = chainOf([DRAFT, DRAFT, DRAFT]);
    const forged = entries.map((entry, index) => {
      const { hash, v, entryId, seq, prevHash, ...draft } = entry;
      const before = { chainSeq: (seq ?? 1) - 1, chainHash: prevHash ?? '' };
      return index === 1 ? chainedEntry({ ...draft, outcome: 'failure' }, entryId, before).entry : entry;
    });
    expect(verifyChain(forged, head)).toEqual({ at: 3, fault: 'link_broken' });
  });

  it('shows a whole chain that was written anew, by the head that the row carries', () => {
    const { head } = chainOf([DRAFT, DRAFT]);
    const { entries } = chainOf([DRAFT, { ...DRAFT, outcome: 'failure' }]);
    expect(verifyChain(entries, head)).toEqual({ at: 2, fault: 'head_differs' });
  });

  it('shows a missing entry, wherever it was', () => {
    fc.assert(
      fc.property(chain, fc.nat(), ({ entries, head }, nat) => {
        const index = nat % entries.length;
        const rest = entries.toSpliced(index, 1);
        const last = index === entries.length - 1;
        expect(verifyChain(rest, head)).toEqual(
          last ? { at: index, fault: 'head_differs' } : { at: index + 1, fault: 'sequence_broken' },
        );
      }),
    );
  });

  it('shows entries that changed places, and one that was put in', () => {
    const { entries, head } = chainOf([DRAFT, { ...DRAFT, action: 'job.claimed' }]);
    const [first, second] = entries;
    if (!first || !second) throw new Error('The chain has two entries.');
    expect(verifyChain([second, first], head)).toEqual({ at: 1, fault: 'sequence_broken' });
    expect(verifyChain([first, first, second], head)).toEqual({ at: 2, fault: 'sequence_broken' });
    expect(verifyChain([standaloneEntry(DRAFT, 'x'), first], head)?.fault).toBe('sequence_broken');
  });

  it('of a job that has none is an empty one', () => {
    expect(verifyChain([], CHAIN_START)).toBeUndefined();
    expect(verifyChain([], { chainSeq: 1, chainHash: 'x' })).toEqual({ at: 0, fault: 'head_differs' });
  });
});

describe('an entry of its own', () => {
  it('has a hash and no place in a chain', () => {
    const entry = standaloneEntry(DRAFT, 'entry-1');
    expect(entry).toEqual({
      v: 1,
      entryId: 'entry-1',
      ...DRAFT,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(standaloneEntry({ ...DRAFT, action: 'job.released' }, 'entry-1').hash).not.toBe(entry.hash);
  });
});
