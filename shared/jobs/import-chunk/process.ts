import { recordOf } from '../define-job-kind.ts';
import type { ChildJob, Done, JobView, RecordWrite, World } from '../ports.ts';
import type { ChunkLine, ImportChunk } from './schema.ts';

type Accepted = ChunkLine & Required<Pick<ChunkLine, 'reminder'>>;

/**
 * Makes one `medication-reminder` of each line that was accepted, all in the transaction of its own end: a chunk that
 * failed has made none of them, and one that is run again makes each once. What lines tell of medications is written
 * before, so that reminders find it.
 */
export async function process(job: JobView<ImportChunk>, world: World): Promise<Done> {
  const { lines } = job.payload;
  const accepted = lines.filter(isAccepted);
  const facts = await factsOf(accepted, world);
  if (facts.length > 0) await world.recordIntent(facts);
  const rejected = lines.length - accepted.length;
  return {
    end: 'succeeded',
    result: { reminders: accepted.length, rejected },
    summary: `${accepted.length} reminders, ${rejected} rejected`,
    children: accepted.map((line) => childOf(line, world)),
  };
}

const isAccepted = (line: ChunkLine): line is Accepted => line.reminder !== undefined;

/** At the lowest priority: a move-in never stands in the way of what somebody waits for. */
const childOf = ({ line, reminder }: Accepted, world: World): ChildJob => ({
  key: `line-${line}`,
  kind: 'medication-reminder',
  payload: reminder,
  priority: 'LOW',
  userRef: world.refs.user(reminder.user_id),
});

/** What a line tells replaces what was known; what it leaves out stays. */
async function factsOf(accepted: readonly Accepted[], { refs, records }: World): Promise<RecordWrite[]> {
  const telling = accepted.filter(({ facts }) => facts !== undefined);
  const keys = telling.map(({ reminder: { user_id: userId, medication_id: medicationId } }) => ({
    type: 'medication' as const,
    owner: refs.user(userId),
    id: refs.medication(userId, medicationId),
  }));
  const stored = keys.length > 0 ? await records.readMany(keys) : [];
  return keys.flatMap((key, index): RecordWrite[] => {
    const line = telling[index];
    if (!line) return [];
    const before = recordOf('medication', stored[index]);
    const { user_id: userId, medication_id: medicationId } = line.reminder;
    return [
      {
        ...key,
        expect: before?.version ?? 'absent',
        state: before?.state ?? { status: 'active' },
        body: { ...before?.body, userId, medicationId, ...line.facts },
      },
    ];
  });
}
