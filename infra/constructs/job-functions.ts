import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { FunctionName } from '#shared/contract/functions.ts';
import { drillSeconds } from '#shared/jobs/archive/drill-run.ts';
import type { JobKind, WorldPart } from '#shared/jobs/define-job-kind.ts';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { supplySettingsText } from '#shared/jobs/supply-settings.ts';
import { type Priority, TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { functionId } from '../outputs.ts';
import type { Stage } from '../stages.ts';
import type { FunctionAccess } from './access-types.ts';
import { connectStreams } from './change-streams.ts';
import { connectWorkers, type WorkerMappings } from './event-sources.ts';
import { FUNCTION_ACCESS } from './function-access.ts';
import { FunctionGrants } from './function-grants.ts';
import {
  ERASURE_SECONDS,
  RECURRING_SECONDS,
  ROUND_SECONDS,
  SEAL_SECONDS,
  TIMEOUT_SECONDS,
} from './function-sizes.ts';
import { JobFunction } from './job-function.ts';
import type { Resources } from './resources.ts';
import { WORLD_ACCESS } from './world-access.ts';

export interface JobFunctionsProps {
  readonly stage: Stage;
  readonly resources: Resources;
  readonly logKey: IKey;
  /** Value of the variable `ISSUERS`. */
  readonly issuers: string;
  /** Value of the variable `API_URL`. */
  readonly apiUrl: string;
}

/** Every function of the product with what it may do. */
export class JobFunctions extends Construct {
  readonly submit: ReadonlyMap<string, JobFunction>;
  readonly workers: Readonly<Record<Priority, JobFunction>>;
  readonly jobsApi: JobFunction;
  readonly interactionsApi: JobFunction;
  readonly usersApi: JobFunction;
  readonly rightsApi: JobFunction;
  readonly importsApi: JobFunction;
  readonly operationsApi: JobFunction;
  readonly breakGlassApi: JobFunction;
  readonly auditApi: JobFunction;
  readonly operationsWidget: JobFunction;
  readonly notFound: JobFunction;
  readonly deadLetter: JobFunction;
  readonly tick: JobFunction;
  readonly tickShard: JobFunction;
  readonly reconciler: JobFunction;
  readonly recurring: JobFunction;
  readonly erasure: JobFunction;
  readonly auditSeal: JobFunction;
  readonly changeLog: JobFunction;
  readonly restoreDrill: JobFunction;
  readonly all: readonly JobFunction[];
  readonly #props: JobFunctionsProps;
  readonly #mappings: WorkerMappings;

  constructor(scope: Construct, id: string, props: JobFunctionsProps) {
    super(scope, id);
    this.#props = props;
    this.submit = new Map(PUBLIC_KINDS.map((kind) => [kind.name, this.#submit(kind)]));
    this.restoreDrill = this.#plain(
      'restore-drill',
      'Restores backups into tables of their own, to see that it works',
    );
    const worker = (priority: Priority) => this.#worker(priority);
    this.workers = {
      CRITICAL: worker('CRITICAL'),
      HIGH: worker('HIGH'),
      MEDIUM: worker('MEDIUM'),
      LOW: worker('LOW'),
    };
    this.#mappings = connectWorkers(props.stage, props.resources.queues, this.workers);
    this.jobsApi = this.#plain('jobs-api', 'Shows, lists, cancels and retries jobs');
    this.interactionsApi = this.#plain(
      'interactions-api',
      'Releases findings to patients, finds past checks and has them run again',
    );
    this.usersApi = this.#plain(
      'users-api',
      'Shows and changes reminders, medications and preferences of users',
    );
    this.rightsApi = this.#plain(
      'rights-api',
      'Gives patients copies and accountings, takes decisions about erasing them',
    );
    this.importsApi = this.#plain('imports-api', 'Takes many schedules at once, reports on each line');
    this.operationsApi = this.#plain(
      'operations-api',
      'Answers whether the service is up, pauses and resumes priorities',
    );
    this.breakGlassApi = this.#plain('break-glass-api', 'Opens, ends, shows and reviews emergency access');
    this.auditApi = this.#plain('audit-api', 'Shows auditors the audit trail');
    this.operationsWidget = this.#plain('operations-widget', 'Shows operators what has failed or is late');
    this.notFound = this.#plain('not-found', 'Answers unknown routes and methods');
    this.deadLetter = this.#plain('dead-letter', 'Decides what becomes of a job whose message died');
    this.tick = this.#plain('tick', 'Starts the shards of due doses and releases scheduled jobs', {
      retries: 0,
      oldestSeconds: ROUND_SECONDS,
    });
    this.tickShard = this.#plain('tick-shard', 'Turns the due doses of one shard into deliveries');
    this.reconciler = this.#plain('reconciler', 'Sends jobs again that should have moved', {
      retries: 0,
      oldestSeconds: ROUND_SECONDS,
    });
    this.recurring = this.#plain('recurring', 'Submits roll-ups, backups and the daily supply sweep', {
      retries: 2,
      oldestSeconds: RECURRING_SECONDS,
    });
    this.erasure = this.#plain('erasure', 'Erases the users whose time has come', {
      retries: 2,
      oldestSeconds: ERASURE_SECONDS,
    });
    this.auditSeal = this.#plain('audit-seal', 'Seals each hour of the audit trail', {
      retries: 2,
      oldestSeconds: SEAL_SECONDS,
    });
    this.changeLog = this.#plain('change-log', 'Keeps each change of jobs and records for backups');
    connectStreams(props.stage, props.resources, this.changeLog);
    const { submit, workers, jobsApi, interactionsApi, usersApi, rightsApi, importsApi, operationsApi } =
      this;
    const { breakGlassApi, auditApi, operationsWidget, notFound, deadLetter, tick, tickShard } = this;
    const { reconciler, recurring, erasure, auditSeal, changeLog, restoreDrill } = this;
    this.all = [
      ...submit.values(),
      ...[jobsApi, interactionsApi, usersApi, rightsApi, importsApi, operationsApi],
      ...[breakGlassApi, auditApi, operationsWidget, notFound],
      ...Object.values(workers),
      ...[deadLetter, tick, tickShard, reconciler, recurring, erasure, auditSeal, changeLog],
      restoreDrill,
    ];
  }

  #submit(kind: JobKind): JobFunction {
    const fn = this.#make('submit-job', `Accepts jobs of kind ${kind.name}`, { variant: kind.name });
    const { byPriority } = this.#props.resources.queues;
    // It can only ever make jobs of its own kind, so it reaches only the queues of that kind's priorities.
    const queues = kind.priorities.map((priority) => byPriority[priority].source);
    this.#grants(fn, { JOB_KIND: kind.name })
      .access(FUNCTION_ACCESS['submit-job'], queues)
      .done(this.#laptop());
    return fn;
  }

  #worker(priority: Priority): JobFunction {
    const { stage } = this.#props;
    const fn = this.#make('worker', `Runs jobs of priority ${priority}`, {
      variant: priority,
      timeoutSeconds: TIMING_PROFILES[stage.timing][priority].workerTimeoutSeconds,
    });
    const grants = this.#grants(fn, { PRIORITY: priority }).access(FUNCTION_ACCESS.worker);
    const uses = usesAt(priority, stage);
    for (const use of uses) grants.access(WORLD_ACCESS[use]);
    grants.drill(this.restoreDrill, uses.has('drill') ? WORLD_ACCESS.drill.DRILL_FUNCTION : []);
    grants.done(this.#laptop());
    return fn;
  }

  #plain(
    name: Exclude<FunctionName, 'submit-job' | 'worker'>,
    description: string,
    tries?: { retries: number; oldestSeconds: number },
  ): JobFunction {
    const fn = this.#make(name, description, {
      ...(tries && { tries, lostEvents: this.#props.resources.queues.lostEvents }),
    });
    const access: FunctionAccess = FUNCTION_ACCESS[name];
    const grants = this.#grants(fn, {}).access(access).mappings(this.#mappings, access.MAPPINGS);
    if (tries) grants.lostEvents();
    if (name === 'change-log') grants.streams();
    grants.done(this.#laptop());
    return fn;
  }

  #make(
    name: FunctionName,
    description: string,
    more: Partial<ConstructorParameters<typeof JobFunction>[2]>,
  ) {
    const { stage, logKey } = this.#props;
    const timeoutSeconds = name === 'worker' ? 0 : this.#timeoutOf(name);
    return new JobFunction(this, functionId(name, more.variant), {
      stage,
      logKey,
      name,
      description,
      timeoutSeconds,
      ...more,
    });
  }

  #timeoutOf(name: Exclude<FunctionName, 'worker'>): number {
    if (name !== 'restore-drill') return TIMEOUT_SECONDS[name];
    return drillSeconds(TIMING_PROFILES[this.#props.stage.timing].LOW.workerTimeoutSeconds).timeout;
  }

  /** The settings that this function's contract names, out of all there are. */
  #grants(fn: JobFunction, own: Readonly<Record<string, string>>): FunctionGrants {
    const { apiUrl, stage, issuers, resources } = this.#props;
    return new FunctionGrants(resources, fn).settings(own).settingsAskedFor({
      STAGE: stage.name,
      TIMING_PROFILE: stage.timing,
      API_URL: apiUrl,
      ISSUERS: issuers,
      REQUIRE_PURPOSE: stage.requirePurpose ? 'on' : 'off',
      DEFAULT_TIME_ZONE: stage.defaultTimeZone,
      DEFAULT_TIMES: stage.defaultTimes,
      SUPPLY_SETTINGS: supplySettingsText(stage.supply),
      PATIENT_RELEASE: stage.patientRelease ? 'on' : 'off',
      RECORD_RETENTION_YEARS: String(stage.recordRetentionYears),
      QUEUE_LIMIT: String(stage.queueLimit),
      BREAK_GLASS_MINUTES: String(stage.breakGlassMinutes),
      CORS_ORIGINS: stage.corsOrigins.join(),
      USER_JOB_LIMIT: String(stage.userJobLimit),
      WATCH_SHARDS: String(stage.shards.watch),
      DUE_SHARDS: String(stage.shards.due),
      OUTCOME_SHARDS: String(stage.shards.outcome),
      SERVICE_VERSION: stage.version,
    });
  }

  /** Only a laptop's functions know of hooks. */
  #laptop(): Readonly<Record<string, string>> {
    const settings = this.#props.stage.laptopSettings;
    return settings ? { LAPTOP_HOOKS_DIR: settings.hooksDirectory } : {};
  }
}

/** What the kinds that may run at a priority use beside tables and queues. */
function usesAt(priority: Priority, { backupEngine }: Stage): ReadonlySet<WorldPart> {
  const kinds = JOB_KINDS.filter((kind) => kind.priorities.includes(priority));
  const uses = new Set(kinds.flatMap((kind) => kind.uses ?? []));
  if (backupEngine !== 'native') uses.delete('exports');
  return uses;
}
