import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { getImport } from '#shared/operations/get-import.ts';
import type { RawLine } from '#shared/operations/import-content.ts';
import { importRole, submitImport } from '#shared/operations/submit-import.ts';
import { callerAs, createTestEngine, deliverAll, requestAt, type TestEngine } from './test-engine.ts';

type Json = Readonly<Record<string, unknown>>;

/** One line of an import as a team sends it. */
export const lineFor = (user: string, medication: string, more: Json = {}): Json => ({
  user_id: user,
  medication_id: medication,
  schedule: { frequency: 'BID', times: ['08:00', '20:00'], time_zone: 'Europe/Berlin' },
  ...more,
});

/** What the API says of a line. */
export interface ReportLine {
  readonly line: number;
  readonly outcome: string;
  readonly job_id?: string;
  readonly job_status?: string;
  readonly repeated?: boolean;
  readonly superseded_by?: number;
  readonly problems?: readonly { readonly pointer: string; readonly code: string }[];
  readonly warnings?: readonly { readonly code: string }[];
}

/** Imports on an engine in memory. */
export class ImportBench {
  readonly engine: TestEngine = createTestEngine(JOB_KINDS);
  readonly caller;
  /** False: too many jobs of priority LOW wait. */
  hasRoom = true;

  constructor(caller = callerAs('service', 'portal')) {
    this.caller = caller;
  }

  async submit(
    values: readonly Json[],
    more: { format?: 'ndjson' | 'fhir'; key?: string; as?: ReturnType<typeof callerAs> } = {},
  ) {
    const caller = more.as ?? this.caller;
    // Whatever a test writes down is JSON.
    const lines = values.map((value, index) => ({ line: index + 1, value }) as unknown as RawLine);
    const answer = await submitImport(
      { ...this.engine, hasRoom: async () => this.hasRoom },
      {
        format: more.format ?? 'ndjson',
        lines,
        content: JSON.stringify(values),
        caller,
        role: importRole(caller, requestAt(this.engine)),
        checks: [],
        ...(more.key !== undefined && { idempotencyKey: more.key }),
      },
      requestAt(this.engine),
    );
    return String(answer['import_id']);
  }

  /** Everything that can run now, runs. */
  run = () => deliverAll(this.engine);

  async view(importId: string, query: { limit?: number; cursor?: string } = {}, as = this.caller) {
    const answer = await getImport(
      this.engine,
      as,
      importId,
      { limit: 100, ...query },
      requestAt(this.engine),
    );
    // Its documented shape.
    return answer as unknown as {
      status: string;
      lines: Record<string, number>;
      report: readonly ReportLine[];
      next_cursor?: string;
    };
  }

  /** The whole report, page by page. */
  async report(importId: string): Promise<readonly ReportLine[]> {
    const all: ReportLine[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.view(importId, { limit: 40, ...(cursor !== undefined && { cursor }) });
      all.push(...page.report);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return all;
  }

  jobs = (kind: string) => [...this.engine.db.rows.values()].filter((row) => row.kind === kind);

  record = (type: 'medication' | 'schedule', user: string, medication: string) =>
    this.engine.records
      .readMany([
        { type, owner: this.engine.refs.user(user), id: this.engine.refs.medication(user, medication) },
      ])
      .then(([found]) => found);
}
