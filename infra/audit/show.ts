import Table from 'cli-table3';
import type { BundleGap, BundleVerdict } from '#shared/evidence/bundle.ts';
import type { ReceiptVerdict } from '#shared/evidence/receipt.ts';
import type { HourVerdict, TrailVerdict } from '#shared/operations/verify-trail.ts';
import type { RequestMatch } from './receipt-file.ts';

const PLAIN = { style: { head: [], border: [] } };

/** What a verification found, for a person: every hour that is not simply verified, and how many are. */
export function trailText({ hours, chains, faultyChains, whole }: TrailVerdict): string {
  const table = new Table({
    head: ['hour (UTC)', 'status', 'entries', 'late', 'unsealed', 'faults'],
    ...PLAIN,
  });
  for (const { hour, status, entries, late, unsealed, faults } of hours)
    table.push([hour, status, entries, late, unsealed, faults.join('\n')]);
  const chainTable = new Table({ head: ['job', 'fault of its chain'], ...PLAIN });
  for (const { jobId, fault } of faultyChains) chainTable.push([jobId, fault]);
  const count = (status: HourVerdict['status']) => hours.filter((one) => one.status === status).length;
  return [
    table.toString(),
    ...(faultyChains.length > 0 ? [chainTable.toString()] : []),
    `${count('verified')} hours verified, ${count('unsealed')} unsealed, ${count('faulty')} faulty; ` +
      `${chains} job chains, ${faultyChains.length} of them faulty.`,
    whole ? 'Nothing was found that should not be so.' : 'NOT WHOLE: something was changed, or is missing.',
  ].join('\n');
}

/** What the check of a bundle found, for a person. */
export function bundleText({ faults, gaps, sealed, unsealed, bundle }: BundleVerdict): string {
  if (!bundle || faults.length > 0) return `NOT WHOLE: ${faults.join(', ')}`;
  const table = new Table({ head: ['entry', 'at', 'action', 'role', 'sealed in'], ...PLAIN });
  const hourOf = new Map(bundle.proofs.map(({ entryId, hour }) => [entryId, hour]));
  for (const { seq = 0, at, action, actor, entryId } of bundle.chain)
    table.push([seq, at, action, actor.role, hourOf.get(entryId) ?? 'unsealed']);
  return [
    `Job ${bundle.jobId}`,
    table.toString(),
    `${sealed} entries verified, ${unsealed} unsealed; ${bundle.seals.length} seals.`,
    ...provedLines(gaps, sealed),
  ].join('\n');
}

const GAP_LINES = {
  entries_unsealed: 'No seal holds the entries that are marked as unsealed: anybody could have written them.',
  key_unknown: 'No key is known from elsewhere: whoever made this could have signed it (--key).',
  job_not_ended: 'It ends before the job did: what came after the last entry is not in it.',
  may_have_been_retried: 'It ends with a failure: whether the job was retried later is not in it.',
} as const satisfies Record<BundleGap, string>;

/** What a file without faults proves. Of one without a sealed entry nothing is said of a signature. */
const provedLines = (gaps: readonly BundleGap[], sealed: number): readonly string[] => [
  ...(sealed > 0 && !gaps.includes('key_unknown')
    ? ['Signed with the key that is known from elsewhere.']
    : []),
  ...(gaps.length > 0 ? [sealed > 0 ? 'NOT ALL IS PROVED:' : 'NOTHING IS PROVED:'] : []),
  ...gaps.map((gap) => `- ${GAP_LINES[gap]}`),
];

const REQUEST_LINES = {
  matches: 'The body that was given is the one that was ordered.',
  differs: 'NOT THE SAME: the body that was given is not the one that was ordered.',
  unknown: 'Without a salt nobody can tell whether the body that was given was ordered.',
} as const satisfies Record<RequestMatch, string>;

/** What the check of a receipt found, for a person. */
export function receiptText(
  { faults, gaps, sealed, unsealed, receipt }: ReceiptVerdict,
  request: RequestMatch | undefined,
): string {
  if (!receipt || faults.length > 0) return `NOT WHOLE: ${faults.join(', ')}`;
  const hourOf = new Map(receipt.proofs.map(({ entryId, hour }) => [entryId, hour]));
  const table = new Table({ head: ['entry', 'at', 'action', 'role', 'sealed in'], ...PLAIN });
  for (const { seq = 0, at, action, actor, entryId } of receipt.entries)
    table.push([seq, at, action, actor.role, hourOf.get(entryId) ?? 'unsealed']);
  return [
    `Job ${receipt.job_id}: ${receipt.kind}, ${receipt.status}`,
    table.toString(),
    `${sealed} entries verified, ${unsealed} unsealed.`,
    ...(request === undefined ? [] : [REQUEST_LINES[request]]),
    ...provedLines(gaps, sealed),
  ].join('\n');
}
