import { describe, expect, it } from 'vitest';
import { chainedEntry, hashEntry, standaloneEntry } from './audit-chain.ts';
import type { AuditDraft } from './audit-entry.ts';
import { isKeyedHash, namesByHash, underPseudonyms } from './pseudonyms.ts';

const hash = (letter: string): string => letter.repeat(26);
const AT = '2031-01-01T00:00:00.000Z';
const draft = (over: Partial<AuditDraft> = {}): AuditDraft => ({
  at: AT,
  action: 'audit.read',
  outcome: 'success',
  actor: { ref: 'system:worker', role: 'system' },
  correlationId: 'c',
  details: {},
  ...over,
});
const named = (ref: string) => `2031-${ref.slice(0, 25)}2`;
const told = (over: Partial<AuditDraft>) => underPseudonyms(standaloneEntry(draft(over), 'e'), named);

describe('an entry under pseudonyms', () => {
  it('has one in each place where a keyed hash stood', () => {
    const actor = { ref: hash('a'), role: 'service', tokenId: hash('b'), onBehalfOf: hash('c') };
    const entry = told({ actor, subjectRef: hash('d'), details: { actor_ref: hash('e'), count: 1 } });
    expect(entry.actor).toEqual({
      ...actor,
      ref: named(hash('a')),
      tokenId: named(hash('b')),
      onBehalfOf: named(hash('c')),
    });
    expect([entry.subjectRef, entry.details]).toEqual([
      named(hash('d')),
      { actor_ref: named(hash('e')), count: 1 },
    ]);
  });

  it('has one in the place of a keyed hash that is a part of an id', () => {
    const details = { reminder_id: `2031-01-01_0800_${hash('a')}`, other: `${'a'.repeat(27)}-${hash('a')}z` };
    const entry = told({ details });
    expect(entry.details).toEqual({ ...details, reminder_id: `2031-01-01_0800_${named(hash('a'))}` });
    expect(namesByHash(entry)).toBe(false);
  });

  it('is hashed as it stands, and keeps its place in its chain', () => {
    const head = { chainSeq: 4, chainHash: 'f'.repeat(64) };
    const { entry } = chainedEntry(draft({ subjectRef: hash('d') }), 'e', head);
    const { hash: own, ...unsealed } = underPseudonyms(entry, named);
    expect(own).toBe(hashEntry(unsealed));
    expect(own).not.toBe(entry.hash);
    expect(unsealed).toMatchObject({ seq: 5, prevHash: head.chainHash });
  });

  it('keeps whatever names nobody: parts of the system, UUIDs, ULIDs, hashes of documents, pseudonyms', () => {
    const over = {
      actor: {
        ref: 'anonymous',
        role: 'none',
        tokenId: '0190f5c1-7b1e-7d3a-9c55-3f2a6f1f2e11',
        breakGlass: '01JDZ0Q3V4W5X6Y7Z8A9BCDEFG',
      },
      subjectRef: named(hash('d')),
      details: { request_hash: 'a'.repeat(64), code: 'forbidden' },
    };
    const entry = standaloneEntry(draft(over), 'e');
    expect(namesByHash(entry)).toBe(false);
    expect(told(over)).toEqual(entry);
  });

  it.each([
    ['the actor', { actor: { ref: hash('a'), role: 'patient' } }],
    ['the token', { actor: { ref: 'anonymous', role: 'none', tokenId: hash('a') } }],
    ['whom the actor acts for', { actor: { ref: 'anonymous', role: 'none', onBehalfOf: hash('a') } }],
    ['the patient', { subjectRef: hash('a') }],
    ['a detail', { details: { grantee: hash('a') } }],
  ])('is wanted where a keyed hash names %s', (_who, over) => {
    expect(namesByHash(standaloneEntry(draft(over), 'e'))).toBe(true);
  });

  it('is never taken for a keyed hash', () => {
    expect([hash('a'), named(hash('a'))].map(isKeyedHash)).toEqual([true, false]);
  });
});
