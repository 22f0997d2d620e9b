import { setTimeout as sleep } from 'node:timers/promises';
import type { JWK } from 'jose';
import { LAPTOP_CLIENT } from '#infra/constructs/issuers.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import { callApi, textOf } from '../api-client.ts';
import { isObject } from '../deploy/template.ts';
import { mintToken } from '../front/mint-token.ts';
import { clockOffset } from '../hooks/laptop-hooks.ts';
import type { StackFile } from '../stack-file.ts';
import { MISSPELT } from './demo-interactions.ts';
import { type DemoRow, demoRow, ENDED } from './demo-job.ts';
import { fireReminder, REMINDER_KIND } from './demo-reminder.ts';

const LONGEST_JOB_SECONDS = 60;
/** What the other kinds build upon, in that order: a medication with its schedule, then a supply snapshot. */
const FIRST_KINDS: readonly string[] = [REMINDER_KIND, 'refill-check'];
/** What counts the others comes last. */
const LAST_KIND = 'analytics-roll-up';

export interface DemoResult {
  readonly rows: readonly DemoRow[];
  /** The message that the reminder was published with; `undefined` when none came. */
  readonly published: unknown;
  /** The answer to an interaction check with a misspelt name. */
  readonly incomplete: unknown;
  readonly asExpected: boolean;
}

/** Told whenever a job's status is known anew. */
export type WatchJob = (kind: string, status: string) => void;

/**
 * Submits one job of every public kind with its own example, waits for the results, asks about a misspelt name, and lets
 * one reminder fire.
 */
export async function runDemo(stack: StackFile, privateJwk: JWK, watch: WatchJob): Promise<DemoResult> {
  const rows = new Map<string, DemoRow>();
  const run = async (kind: JobKind): Promise<void> => {
    const token = await tokenFor(stack, privateJwk, kind);
    rows.set(kind.name, await runJob(stack, token, kind.name, bodyFor(kind, stack), watch));
  };
  const first = PUBLIC_KINDS.filter(({ name }) => FIRST_KINDS.includes(name)).toSorted(
    (a, b) => FIRST_KINDS.indexOf(a.name) - FIRST_KINDS.indexOf(b.name),
  );
  for (const kind of first) await run(kind);
  const last = PUBLIC_KINDS.filter(({ name }) => name === LAST_KIND);
  await Promise.all(PUBLIC_KINDS.filter((kind) => !first.includes(kind) && !last.includes(kind)).map(run));

  const incomplete = await askMisspelt(stack, privateJwk);
  const reminder = PUBLIC_KINDS.find(({ name }) => name === REMINDER_KIND);
  const published = reminder && (await fire(stack, privateJwk, reminder));
  for (const kind of last) await run(kind);
  const inOrder = PUBLIC_KINDS.flatMap(({ name }) => rows.get(name) ?? []);
  return {
    rows: inOrder,
    published,
    incomplete,
    asExpected:
      published !== undefined &&
      incomplete !== undefined &&
      inOrder.every(({ status }) => status === 'succeeded'),
  };
}

/** `undefined` when it was not answered. */
async function askMisspelt(stack: StackFile, privateJwk: JWK): Promise<unknown> {
  const kind = PUBLIC_KINDS.find(({ name }) => name === 'interaction-check');
  if (!kind) return undefined;
  const token = await tokenFor(stack, privateJwk, kind);
  const body = { ...kind.example, medications: MISSPELT };
  const { result } = await runJob(stack, token, kind.name, body, () => undefined);
  return result ?? undefined;
}

async function fire(stack: StackFile, privateJwk: JWK, reminder: JobKind): Promise<unknown> {
  const token = await tokenFor(stack, privateJwk, reminder);
  return fireReminder(stack, token, reminder.example, (body) =>
    runJob(stack, token, reminder.name, body, () => undefined),
  );
}

async function runJob(
  stack: StackFile,
  token: string,
  kind: string,
  body: JsonObject,
  watch: WatchJob,
): Promise<DemoRow> {
  const accepted = await callApi(stack.apiUrl, 'POST', `/jobs/${kind}`, { token, body });
  if (accepted.status !== 202) {
    const code = textOf(accepted.body, 'code') || JSON.stringify(accepted.body);
    watch(kind, `refused: ${accepted.status} ${code}`);
    return demoRow({ kind, status: `refused (${accepted.status})`, error_code: code });
  }
  const jobId = textOf(accepted.body, 'job_id');
  let job: Readonly<Record<string, unknown>> = { kind, job_id: jobId, status: 'queued' };
  for (const end = Date.now() + LONGEST_JOB_SECONDS * 1000; Date.now() < end; await sleep(100)) {
    const answer = await callApi(stack.apiUrl, 'GET', `/jobs/${jobId}`, { token });
    if (answer.status === 200 && isObject(answer.body)) job = answer.body;
    watch(kind, String(job['status']));
    if (ENDED.has(String(job['status']))) break;
  }
  return demoRow(job);
}

/**
 * Patients ask for themselves, what only staff may ask for is asked by staff. Findings are for professionals, so a
 * pharmacist asks for the interaction check.
 */
function tokenFor(stack: StackFile, privateJwk: JWK, kind: JobKind): Promise<string> {
  const user = textOf(kind.example, 'user_id');
  const professional = kind.patientView !== undefined;
  const role: Role = professional
    ? 'pharmacist'
    : kind.submitRoles.includes('patient')
      ? 'patient'
      : // Analysts would be shown no jobs about patients.
        kind.analystView !== undefined
        ? 'operator'
        : (kind.submitRoles[0] ?? 'service');
  const subject = role === 'patient' ? user : `demo-${role}`;
  const wishes = { role, subject, clientId: LAPTOP_CLIENT, ...(professional && { careFor: [user] }) };
  return mintToken({ issuer: stack.issuer, privateJwk }, wishes, Date.now());
}

/** The example; a roll-up over the days around now instead, so that it has something to count. */
function bodyFor(kind: JobKind, stack: StackFile): JsonObject {
  if (kind.name !== LAST_KIND) return kind.example;
  const now = Date.now() + clockOffset(stack.hooksDir);
  const day = (days: number) => `${new Date(now + days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
  return {
    time_range: { start: day(-1), end: day(2) },
    metrics_types: ['reminders', 'refills', 'supply', 'interactions', 'jobs', 'security'],
    time_zone: 'Etc/UTC',
  };
}
