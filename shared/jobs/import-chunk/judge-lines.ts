import { isOlderVersion, type OrderVersion } from '../../clinical/index.ts';
import type { Problem } from '../../errors/problem-error.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import { recordOf } from '../define-job-kind.ts';
import type { ImportLine } from '../intake/import-order.ts';
import { faultProblem } from '../intake/line-faults.ts';
import type {
  ChildJob,
  ImportLineBody,
  Json,
  JsonObject,
  JudgedBody,
  StatedMedication,
  StoredRecord,
  World,
} from '../ports.ts';
import { type MedicationChange, medicationChange, medicationWith } from './medication-change.ts';
import type { ImportChunk } from './schema.ts';

const KIND = 'medication-reminder';

/** One line, judged: what is made of it, or why nothing is. */
export interface JudgedLine {
  readonly line: ImportLine;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Of an accepted line. */
  readonly jobId?: string;
  /** It is such a job already: nothing is made. */
  readonly repeated?: boolean;
  readonly child?: ChildJob;
  readonly medication?: MedicationChange;
}

/** A line whose form is right. */
interface Formed {
  readonly judged: JudgedBody;
  readonly stated: StatedMedication | undefined;
  readonly version: OrderVersion | undefined;
  readonly jobId: string;
}

interface Unformed {
  readonly problems: readonly Problem[];
}

/** A line of an import, and when it is judged. */
interface LineMoment {
  readonly terms: ImportChunk;
  readonly line: ImportLine;
  readonly at: Instant;
}

type Fact = StoredRecord<'user' | 'medication' | 'schedule'> | undefined;

/** Judges lines; what is known of their users is read in one batch. */
export async function judgeLines(
  world: World,
  terms: ImportChunk,
  bodies: readonly (ImportLineBody | undefined)[],
): Promise<readonly JudgedLine[]> {
  const formed = terms.lines.map((line, index) => formOf(world, line, bodies[index]));
  const keys = formed.flatMap((one) => ('judged' in one ? one.judged.factKeys : []));
  const records = keys.length > 0 ? await world.records.readMany(keys) : [];
  const schedules = await schedulesOf(world, formed);
  // One moment for all: the old use of a medication ends when its new schedule begins.
  const at = world.now();
  const standing = await world.intake.standing(formed.flatMap((one) => ('jobId' in one ? [one.jobId] : [])));
  const owners = terms.lines.flatMap(({ owner }, index) =>
    'judged' in (formed[index] ?? {}) ? (owner ?? []) : [],
  );
  const room = new Map(await world.intake.room(owners));
  let next = 0;
  return terms.lines.map((line, index): JudgedLine => {
    const one = formed[index];
    const warnings = bodies[index]?.warnings ?? [];
    if (!one || 'problems' in one) return { line, problems: one?.problems ?? [], warnings };
    const facts = records.slice(next, next + one.judged.factKeys.length);
    next += one.judged.factKeys.length;
    if (standing.has(one.jobId)) return { line, problems: [], warnings, jobId: one.jobId, repeated: true };
    const ruling = ruled({ terms, line, at }, one, facts, schedules.get(one));
    return {
      line,
      warnings,
      ...(ruling.child && !hasRoom(room, ruling.child) ? { problems: [FULL] } : ruling),
    };
  });
}

/** Takes one place of the patient's room, if there is one. */
function hasRoom(room: Map<string, number>, { userRef = '' }: ChildJob): boolean {
  const left = room.get(userRef);
  if (left === undefined) return true;
  room.set(userRef, left - 1);
  return left > 0;
}

/** The schedules of the medications of which lines state something. */
async function schedulesOf(world: World, formed: readonly (Formed | Unformed)[]) {
  const stating = formed.flatMap((one) => {
    if (!('judged' in one) || !one.stated) return [];
    const key = one.judged.factKeys.find(({ type }) => type === 'medication');
    return key ? [{ one, key: { ...key, type: 'schedule' as const } }] : [];
  });
  const found = stating.length > 0 ? await world.records.readMany(stating.map(({ key }) => key)) : [];
  return new Map(stating.map(({ one }, index) => [one, found[index]]));
}

function formOf(world: World, line: ImportLine, body: ImportLineBody | undefined): Formed | Unformed {
  if (line.fault) return { problems: [faultProblem(line.fault)] };
  if (line.superseded_by !== undefined) return { problems: [] };
  if (!body) return { problems: [GONE] };
  if (!body.request) return { problems: body.problems ?? [] };
  const { medication, ...request } = body.request;
  const judged = world.intake.job(KIND, request);
  const stated = medication === undefined ? undefined : statedBy(world, medication);
  const problems = [...(judged.ok ? [] : judged.problems), ...(stated?.ok === false ? stated.problems : [])];
  if (!judged.ok || stated?.ok === false) return { problems };
  const { version } = body;
  return { judged, stated, version, jobId: world.intake.jobIdOf(KIND, identityOf(body.request, version)) };
}

/** A version that goes back to what an older one said is another order, and not that one once more. */
function identityOf(request: JsonObject, version: OrderVersion | undefined): JsonObject {
  const name = version?.number ?? version?.updatedAt;
  return name === undefined ? request : { ...request, version: name };
}

function statedBy(world: World, medication: Json) {
  const verdict = world.intake.medication(medication);
  if (!verdict.ok) return { ok: false, problems: verdict.problems.map(below) } as const;
  return verdict.status === 'stopped' ? ({ ok: false, problems: [STOPPED] } as const) : verdict;
}

/** The business rules see the medication as the line tells it. */
function ruled(
  { terms, line, at: now }: LineMoment,
  { judged, stated, version, jobId }: Formed,
  facts: readonly Fact[],
  schedule: StoredRecord<'schedule'> | undefined,
): Omit<JudgedLine, 'line' | 'warnings'> {
  const { factKeys } = judged;
  const at = factKeys.findIndex(({ type }) => type === 'medication');
  const before = recordOf('medication', facts[at]);
  const key = factKeys[at];
  if (isOlderVersion(version, before?.body.order)) return { problems: [OLDER] };
  const records = facts.map((fact, index) =>
    stated && key && index === at ? medicationWith(before, key.id, stated, version) : fact,
  );
  const ruling = judged.rule({ now: terms.accepted_at, records, role: terms.role });
  if (!ruling.ok) return { problems: ruling.problems };
  const medication =
    stated &&
    key &&
    medicationChange(
      terms,
      { line: line.line, key, before, schedule, stated, version, payload: ruling.payload },
      now,
    );
  return {
    problems: [],
    jobId,
    child: childOf({ terms, line, at: now }, jobId, ruling.payload, ruling.notes),
    ...(medication && { medication }),
  };
}

const childOf = (
  { terms, line: { line, owner }, at }: LineMoment,
  jobId: string,
  payload: JsonObject,
  notes: Readonly<Record<string, string>> | undefined,
): ChildJob => ({
  key: `line#${line}`,
  kind: KIND,
  jobId,
  payload,
  priority: 'LOW',
  acceptedAt: terms.accepted_at,
  dueAt: at,
  ...(owner !== undefined && { userRef: owner }),
  counted: true,
  notes: { ...notes, import_id: terms.import_id, line, submitted_by: terms.submitted_by, role: terms.role },
});

const below = ({ pointer, ...problem }: Problem): Problem => ({
  pointer: `/medication${pointer}`,
  ...problem,
});

const GONE: Problem = {
  pointer: '',
  code: 'content_gone',
  detail:
    'What this line said is kept for 90 days, and not after its user was erased: send it in another import.',
};

const OLDER: Problem = {
  pointer: '/meta',
  code: 'older_version',
  detail: 'A newer version of this order was imported before: send that, or what stands by now.',
};

const FULL: Problem = {
  pointer: '',
  code: 'too_many_open_jobs',
  detail: 'Too many jobs of this user have not ended yet. Send the line again later, in another import.',
};

const STOPPED: Problem = {
  pointer: '/medication/status',
  code: 'not_active',
  detail: 'An import brings schedules: leave the line out, or stop the medication by its own route.',
};
