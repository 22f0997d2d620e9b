import { ProblemError } from '../errors/problem-error.ts';
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { FormVerdict, Intake, Json, JsonObject, JudgedBody, StatedMedication } from '../jobs/ports.ts';
import type { MedicationWishes } from './bodies/medication.ts';
import { derivedJobId } from './derived-job-id.ts';
import type { Engine } from './engine.ts';
import { readMedication } from './read-medication.ts';

type IntakeDeps = Pick<Engine, 'forms' | 'kinds' | 'refs' | 'settings' | 'store' | 'clock'>;

/** Jobs that are the same whoever makes them have no time in their ids: it would differ with the maker. */
const NO_TIME = '1970-01-01T00:00:00.000Z';

/** Requests inside of a job, judged by the validators, the rules and the settings of their own routes. */
export const createIntake = (deps: IntakeDeps): Intake => ({
  job: (kind, body) => judgeJob(deps, kind, body),
  medication: (body) => judgeMedication(deps, body),
  jobIdOf: (kind, request) => sharedJobId(deps, ['job', kind, request]),
  standing: async (jobIds) => {
    const rows = jobIds.length > 0 ? await deps.store.readMany(jobIds) : [];
    return new Set(rows.flatMap((row) => row?.jobId ?? []));
  },
  room: async (owners) => {
    const { userJobLimit } = deps.settings;
    if (userJobLimit === undefined || owners.length === 0) return new Map();
    const open = await deps.store.openCounts(owners);
    return new Map([...open].map(([owner, count]) => [owner, userJobLimit - count]));
  },
});

/** A job id that follows from what the job is about, and from the deployment's hash key. */
export const sharedJobId = (deps: Pick<Engine, 'refs'>, about: Json): string =>
  derivedJobId(NO_TIME, deps.refs.fingerprint(canonicalJson({ about })));

function judgeJob(deps: IntakeDeps, name: string, body: Json): FormVerdict<JudgedBody> {
  const kind = deps.kinds.get(name);
  if (!kind) throw new Error(`There is no job kind ${name}.`);
  const problems = deps.forms.job(name, body);
  if (problems.length > 0) return { ok: false, problems };
  const opened = kind.open(body as JsonObject); // its schema, which has just accepted it, is one of an object
  const { defaultTimes, defaultTimeZone } = deps.settings;
  return {
    ok: true,
    factKeys: opened.factKeys(deps.refs),
    rule: (facts) => {
      const ruling = opened.rules({
        ...facts,
        ...(defaultTimeZone !== undefined && { defaultTimeZone }),
        ...(defaultTimes && { defaultTimes }),
      });
      if (ruling.ok || 'problems' in ruling) return ruling;
      const detail = 'No active medication with that id stands for that user.';
      return { ok: false, problems: [{ pointer: '/medication_id', code: ruling.notFound, detail }] };
    },
  };
}

function judgeMedication(deps: IntakeDeps, body: Json): FormVerdict<StatedMedication> {
  const problems = deps.forms.route('putMedication', body);
  if (problems.length > 0) return { ok: false, problems };
  const wishes = body as MedicationWishes; // the schema that this type is derived from has just accepted it
  try {
    const facts = readMedication(wishes, deps.clock());
    return { ok: true, facts, ...(wishes.status !== undefined && { status: wishes.status }) };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}
