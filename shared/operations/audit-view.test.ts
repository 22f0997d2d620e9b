import { expect, it } from 'vitest';
import { CHAIN_START, chainedEntry, hashEntry, standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditDraft, AuditEntry } from '../evidence/audit-entry.ts';
import { auditEvent } from '../evidence/fhir-audit-event.ts';
import { auditEntryView } from './audit-view.ts';

const FULL: AuditDraft = {
  at: '2031-05-06T07:08:09.123Z',
  action: 'job.accepted',
  outcome: 'success',
  actor: {
    ref: '2031-actor',
    role: 'pharmacist',
    tokenId: '2031-token',
    purpose: { code: 'ETREAT', declared: true },
    onBehalfOf: '2031-somebody',
    breakGlass: '01M856VSB7PBN2NSWK04TNX4FH',
  },
  subjectRef: '2031-patient',
  jobId: 'job-1',
  correlationId: 'c-1',
  details: { kind: 'refill-check', count: 3, whole: true },
};

/** What a client would do with the documented members, to hold the entry against its hash. */
function hashAgain(view: ReturnType<typeof auditEntryView>): string {
  const {
    entry_id,
    user_ref,
    job_id,
    correlation_id,
    sequence,
    previous_hash,
    hash: _own,
    actor,
    ...same
  } = view;
  const { token_id, on_behalf_of, break_glass, ...who } = Object(actor);
  const stored = {
    v: 1,
    ...same,
    entryId: entry_id,
    actor: { ...who, tokenId: token_id, onBehalfOf: on_behalf_of, breakGlass: break_glass },
    subjectRef: user_ref,
    jobId: job_id,
    correlationId: correlation_id,
    seq: sequence,
    prevHash: previous_hash,
  };
  // Members that the entry does not have are none of its JSON.
  return hashEntry(JSON.parse(JSON.stringify(stored)) as Omit<AuditEntry, 'hash'>);
}

it.each([
  ['in a chain', chainedEntry(FULL, 'entry-1', CHAIN_START).entry],
  ['by itself', standaloneEntry(FULL, 'entry-1')],
  [
    'of a part of the system',
    standaloneEntry({ ...FULL, actor: { ref: 'system:tick', role: 'system' } }, 'entry-2'),
  ],
])('an entry %s is shown with all that its hash is over', (_, entry) => {
  const view = auditEntryView(entry);
  expect(hashAgain(view)).toBe(view['hash']);
});

it.each(['job.accepted', 'jobs.searched'] as const)(
  'as FHIR %s names the grant by which alone it was let in',
  (action) => {
    const { entity } = Object(auditEvent(standaloneEntry({ ...FULL, action }, 'entry-1')));
    const texts = entity.map((one: { query?: string }) => Buffer.from(one.query ?? '', 'base64').toString());
    expect(JSON.stringify([entity, texts])).toContain('01M856VSB7PBN2NSWK04TNX4FH');
  },
);
