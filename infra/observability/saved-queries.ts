import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { JobFunction } from '../constructs/job-function.ts';

interface Question {
  readonly filterStatements: string[];
  readonly fields?: string[];
  readonly statsStatements?: string[];
  readonly sort: string;
  readonly limit?: number;
}

/** Questions that come up at night, ready in the console of CloudWatch Logs Insights. Fields are those of the log catalogue. */
const QUERIES: Readonly<Record<string, Question>> = {
  'why did a job fail': {
    // Put the job's id in the place of the words in capitals.
    filterStatements: ["job_id = 'JOB_ID'"],
    fields: [
      '@timestamp',
      'event',
      'attempt',
      'error_code',
      'error_name',
      'error_at',
      'reason',
      'correlation_id',
    ],
    sort: '@timestamp asc',
    limit: 200,
  },
  'failing attempts by kind and reason': {
    filterStatements: ["event in ['attempt.retrying', 'attempt.failed', 'dead_letter.failed']"],
    statsStatements: ['count(*) as attempts by kind, priority, error_code, error_name'],
    sort: 'attempts desc',
  },
  'slowest kinds': {
    filterStatements: ["event in ['attempt.succeeded', 'attempt.retrying', 'attempt.failed']"],
    statsStatements: [
      'pct(duration_ms, 50) as p50, pct(duration_ms, 99) as p99, count(*) as attempts by kind, priority',
    ],
    sort: 'p99 desc',
  },
  'refusals by step': {
    filterStatements: ["event = 'request.refused'"],
    statsStatements: ['count(*) as requests by step, error_code, route'],
    sort: 'requests desc',
  },
  'everything of one request': {
    filterStatements: ["correlation_id = 'CORRELATION_ID'"],
    fields: [
      '@timestamp',
      'event',
      'kind',
      'job_id',
      'step',
      'http_status',
      'error_code',
      'duration_ms',
      'aws_calls',
    ],
    sort: '@timestamp asc',
    limit: 500,
  },
};

/** Saved queries over the log groups of all functions. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: { stage: string; functions: readonly JobFunction[] }) {
    super(scope, id);
    for (const [name, query] of Object.entries(QUERIES))
      new QueryDefinition(this, name.replaceAll(' ', '-'), {
        queryDefinitionName: `medication-jobs-${props.stage}/${name}`,
        queryString: new QueryString(query),
        logGroups: props.functions.map(({ logGroup }) => logGroup),
      });
  }
}
