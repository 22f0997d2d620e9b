import type { Flavour } from '#infra/build/bundle.ts';
import type { SupplySettings } from '#shared/jobs/supply-settings.ts';
import type { Priority, TimingProfile } from '#shared/lifecycle/priority.ts';

/** What differs between stages. Everything else is the same everywhere. */
export interface StageTable {
  readonly timing: TimingProfile;
  /** Which build of the functions is deployed. */
  readonly flavour: Flavour;
  /** Stores outlive a deleted stack. */
  readonly keepStores: boolean;
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly webAcl: boolean;
  /** The AwsSolutions and HIPAA Security rule packs judge the synthesised templates. */
  readonly rulePacks: boolean;
  /** No deployment may guess its patients' time zone where it matters. */
  readonly timeZoneRequired: boolean;
  /** No deployment may leave open who hears its alarms where they matter. */
  readonly alarmReceiverRequired: boolean;
  /** Plain-http issuers are accepted by the template: only on a laptop. */
  readonly laptop: boolean;
  readonly shards: { readonly watch: number; readonly due: number; readonly outcome: number };
  /** Most messages of one priority worked on at a time: the throughput control of that priority. At least 2. */
  readonly workerConcurrency: Readonly<Record<Priority, number>>;
  readonly tickConcurrency: number;
  /** Requests per second and burst of one method; `heavy` is for the endpoints whose jobs read whole tables. */
  readonly throttle: {
    readonly usual: { readonly rate: number; readonly burst: number };
    readonly heavy: { readonly rate: number; readonly burst: number };
  };
  /**
   * Requests of one address in five minutes after which the web ACL blocks it for a while. All users of a backend, or of
   * a hospital behind one address, share it: it stands above what the throttle lets through on two methods at once.
   */
  readonly requestsPerAddress: number;
  /** The sealed audit trail cannot be removed for six years, by nobody; else for a day. */
  readonly sealForYears: boolean;
}

/** `own`: the product's scan. `native`: DynamoDB's export of one moment. */
export type BackupEngine = 'own' | 'native';

/** The specification's `logging.retention`. */
export const LOG_RETENTION_DAYS = 30;

const standard = {
  timing: 'standard',
  flavour: 'lambda',
  keepStores: false,
  deletionProtection: false,
  pointInTimeRecovery: true,
  webAcl: true,
  rulePacks: true,
  timeZoneRequired: false,
  alarmReceiverRequired: false,
  laptop: false,
  shards: { watch: 4, due: 16, outcome: 4 },
  workerConcurrency: { CRITICAL: 20, HIGH: 10, MEDIUM: 10, LOW: 5 },
  tickConcurrency: 16,
  throttle: { usual: { rate: 50, burst: 100 }, heavy: { rate: 2, burst: 5 } },
  requestsPerAddress: 30_000,
  sealForYears: false,
} as const satisfies StageTable;

/** The stages. Which one is synthesised is said by the context `stage`. */
export const STAGES = {
  dev: standard,
  prod: {
    ...standard,
    keepStores: true,
    deletionProtection: true,
    timeZoneRequired: true,
    alarmReceiverRequired: true,
    shards: { watch: 8, due: 16, outcome: 8 },
    workerConcurrency: { CRITICAL: 200, HIGH: 100, MEDIUM: 50, LOW: 20 },
    throttle: { usual: { rate: 200, burst: 400 }, heavy: { rate: 2, burst: 5 } },
    requestsPerAddress: 120_000,
    sealForYears: true,
  },
  local: {
    ...standard,
    timing: 'laptop',
    flavour: 'laptop',
    webAcl: false,
    rulePacks: false,
    laptop: true,
    shards: { watch: 1, due: 2, outcome: 1 },
    workerConcurrency: { CRITICAL: 4, HIGH: 4, MEDIUM: 4, LOW: 4 },
    tickConcurrency: 2,
  },
} as const satisfies Record<string, StageTable>;

export type StageName = keyof typeof STAGES;

/** One stage with what its deployer said. */
export interface Stage extends StageTable {
  readonly name: StageName;
  /** IANA zone, or empty. */
  readonly defaultTimeZone: string;
  /** JSON of clock times by code of a frequency, or empty. */
  readonly defaultTimes: string;
  /** What is said about refills and orders. */
  readonly supply: SupplySettings;
  /** Professionals may release findings of interaction checks to patients. */
  readonly patientRelease: boolean;
  /** Every request has to say what it is for; else what the role stands for is recorded. */
  readonly requirePurpose: boolean;
  /** Whole years after the last thing that was recorded of a user for which the records must be kept; 0: none. */
  readonly recordRetentionYears: number;
  /** Jobs of one priority that may wait, run or be delayed before requests for more are answered `429`. */
  readonly queueLimit: number;
  /** How long emergency access to a patient lasts at most. */
  readonly breakGlassMinutes: number;
  /** Jobs about one user that were asked for and have not ended, before requests for more are answered `429`. */
  readonly userJobLimit: number;
  /** Who reads the tables for full backups: a scan of our own, or DynamoDB's own export. */
  readonly backupEngine: BackupEngine;
  /** Origins whose pages may read answers: none unless the deployer names them. */
  readonly corsOrigins: readonly string[];
  /** Address that the alarms are sent to. */
  readonly alarmEmail?: string;
  /**
   * Reserved concurrent executions of each function that answers requests; the others then reserve what their queues
   * start at most. Off unless given: fresh accounts have a quota of 10 in all.
   */
  readonly reservedConcurrency?: number;
  /** Concurrent executions that AWS Lambda grants the account in this region. */
  readonly concurrencyQuota: number;
  /** Folder that holds one folder per function, named after it. */
  readonly bundles: string;
  readonly version: string;
  /** Only on a laptop: where the front listens, and where the hooks of the laptop's build read their orders. */
  readonly laptopSettings?: { readonly frontPort: number; readonly hooksDirectory: string };
}
