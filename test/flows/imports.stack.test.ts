import { describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';

interface Report {
  readonly status: string;
  readonly lines: Readonly<Record<string, number>>;
  readonly report: readonly {
    readonly line: number;
    readonly outcome: string;
    readonly job_id?: string;
    readonly repeated?: boolean;
    readonly problems?: readonly { readonly pointer: string; readonly code: string }[];
  }[];
  readonly next_cursor?: string;
}

const USERS = 20;
const BAD = [7, 31, 32, 77, 119];

/** Line `number` of the move-in: six medications of each of twenty users, some of them wrong. */
function lineOf(number: number): string {
  const user = `flow-import-${number % USERS}`;
  const line = {
    user_id: user,
    medication_id: `med-${number}`,
    schedule: { frequency: 'BID', times: ['08:00', '20:00'], time_zone: 'America/New_York' },
    ...(number % 3 === 0 && { medication: { name: 'lisinopril 10 mg tablet', days_supply: 30 } }),
  };
  switch (number) {
    case 7:
      return '{"user_id": "flow-import-7", ';
    case 31:
      return JSON.stringify({ ...line, schedule: { frequency: 'biweekly', time_zone: 'UTC' } });
    case 32:
      return JSON.stringify({ ...line, schedule: { ...line.schedule, times: ['08:00'] } });
    case 77:
      return JSON.stringify({ ...line, surprise: 1 });
    case 119:
      return JSON.stringify({ ...line, medication: { name: 'warfarin', rxcui: '29046' } });
    default:
      return JSON.stringify(line);
  }
}

const NDJSON = Array.from({ length: 120 }, (_, index) => lineOf(index + 1)).join('\n');

const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resource: {
        resourceType: 'MedicationRequest',
        id: 'rx-evening',
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/flow-import-0' },
        medicationCodeableConcept: { text: 'atorvastatin 20 mg tablet' },
        dosageInstruction: [
          {
            timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd', when: ['HS'] } },
            doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
          },
        ],
      },
    },
    {
      resource: {
        resourceType: 'MedicationRequest',
        id: 'rx-old',
        status: 'completed',
        intent: 'order',
        subject: { reference: 'Patient/flow-import-0' },
      },
    },
  ],
};

describe('a move-in', () => {
  const stack = useStack();

  const read = async (token: string, id: string, cursor?: string): Promise<Report> => {
    const { status, body } = await stack.call('GET', `/imports/${id}${cursor ? `?cursor=${cursor}` : ''}`, {
      token,
    });
    expect(status).toBe(200);
    return body as Report; // its documented shape
  };

  /** The whole report, once the import has ended. */
  async function ended(token: string, id: string): Promise<Report> {
    await expect
      .poll(async () => (await read(token, id)).status, { timeout: 60_000, interval: 500 })
      .not.toBe('in_progress');
    const first = await read(token, id);
    const rest = first.next_cursor ? await read(token, id, first.next_cursor) : undefined;
    return { ...first, report: [...first.report, ...(rest?.report ?? [])] };
  }

  async function submit(token: string, type: string, text: string): Promise<string> {
    const { status, body } = await stack.call('POST', '/imports', {
      token,
      text,
      headers: { 'content-type': type },
    });
    expect([status, body]).toMatchObject([202, { import_id: expect.any(String) }]);
    return (body as { import_id: string }).import_id; // its documented shape
  }

  const reminderJobs = async () =>
    (await stack.items('jobs')).filter(
      (item) =>
        item['kind'] === 'medication-reminder' &&
        item['sk'] === 'ROW' &&
        String(item['pk']).startsWith('JOB#0000000000'),
    ).length;

  it('of 120 lines with 5 bad ones makes 115 schedules, says which and why, and nothing more when it is repeated', async () => {
    const token = await stack.token('service', 'flow-import-team');
    const id = await submit(token, 'application/x-ndjson', NDJSON);
    const done = await ended(token, id);
    expect(done).toMatchObject({
      status: 'completed',
      lines: { total: 120, done: 115, failed: 5, pending: 0, accepted: 115, rejected: 5, superseded: 0 },
    });
    expect(done.report.map(({ line }) => line)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    const rejected = done.report.filter(({ outcome }) => outcome === 'rejected');
    expect(rejected.map(({ line }) => line)).toEqual(BAD);
    expect(rejected.map(({ problems = [] }) => `${problems[0]?.pointer} ${problems[0]?.code}`)).toEqual([
      ' malformed_json',
      '/schedule/frequency frequency_ambiguous',
      '/schedule/times times_do_not_match_frequency',
      '/surprise unknown_field',
      '/medication/rxcui does_not_fit_name',
    ]);
    const accepted = done.report.filter(({ outcome }) => outcome === 'accepted');
    const job = await stack.waitForJob(accepted.at(-1)?.job_id ?? '', token);
    expect(job['result']).toMatchObject({ frequency: 'BID', time_zone: 'America/New_York' });
    const { body } = await stack.call('GET', '/users/flow-import-3/medications', { token });
    expect(JSON.stringify(body)).toContain('lisinopril 10 mg tablet');

    const made = await reminderJobs();
    expect(await submit(token, 'application/x-ndjson', NDJSON)).toBe(id);
    // One line more: another import, whose other lines are the same jobs.
    const more = await submit(token, 'application/x-ndjson', `${NDJSON}\n${lineOf(121)}`);
    expect(more).not.toBe(id);
    const again = await ended(token, more);
    expect(again.lines).toMatchObject({ accepted: 116, rejected: 5 });
    expect(again.report.filter(({ repeated }) => repeated)).toHaveLength(115);
    expect(await reminderJobs()).toBe(made + 1);

    const stranger = await stack.token('service', 'flow-import-stranger');
    for (const path of [`/imports/${id}`, `/jobs/${id}`, `/jobs/${id}/evidence`, `/jobs/${id}/receipt`]) {
      const seenBy = await Promise.all(
        [token, stranger].map((one) => stack.call('GET', path, { token: one })),
      );
      expect([path, ...seenBy.map(({ status }) => status)]).toEqual([path, 200, 404]);
    }
  }, 180_000);

  it('of a FHIR bundle', async () => {
    const token = await stack.token('pharmacist', 'flow-import-pharmacist', { careFor: ['flow-import-0'] });
    const { report } = await ended(
      token,
      await submit(token, 'application/fhir+json', JSON.stringify(BUNDLE)),
    );
    expect(report).toMatchObject([
      { line: 1, outcome: 'accepted' },
      { line: 2, outcome: 'rejected', problems: [{ pointer: '/status', code: 'not_active' }, {}, {}] },
    ]);
    const job = await stack.waitForJob(report[0]?.job_id ?? '', token);
    expect(job['result']).toMatchObject({ frequency: 'BED', medication_id: 'rx-evening' });
  }, 90_000);
});
