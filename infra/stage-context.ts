import { join } from 'node:path';
import { BREAK_GLASS_MINUTES } from '#shared/evidence/break-glass.ts';
import { readDefaultTimesSetting } from '#shared/jobs/medication-reminder/default-times-setting.ts';
import packageJson from '../package.json' with { type: 'json' };
import { readBackupEngine } from './backup-context.ts';
import { readOrigins } from './cors-context.ts';
import { parseIssuers } from './extra-issuers.ts';
import { STAGES, type Stage, type StageName } from './stages.ts';
import { supplyContext } from './supply-context.ts';

/** Reads one context value, as given by `cdk -c <key>=<value>`. */
export type ReadContext = (key: string) => unknown;

const FRONT_PORT = 4_700;
/** Minutes of work at the usual throttle; far below the messages in flight that SQS allows at one time. */
const QUEUE_LIMIT = 100_000;
/** A check, a refill and a schedule for each of thirty medications, all at once. */
const USER_JOB_LIMIT = 100;

/** What AWS grants an account by default; fresh ones begin with less. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const CONCURRENCY_QUOTA = 1_000;

/**
 * The stage that the context asks for.
 * @throws Error that names the context value which is missing or wrong, and what it should look like.
 */
export function readStage(context: ReadContext): {
  stage: Stage;
  extraIssuers: ReturnType<typeof parseIssuers>;
} {
  const name = stageName(context('stage'));
  const table = STAGES[name];
  const stage: Stage = {
    ...table,
    name,
    defaultTimeZone: timeZone(text(context('defaultTimeZone')), name, table.timeZoneRequired),
    defaultTimes: defaultTimes(text(context('defaultTimes')) ?? ''),
    supply: supplyContext(context),
    patientRelease: yesOrNo(context('patientRelease'), 'patientRelease') ?? false,
    requirePurpose: yesOrNo(context('requirePurpose'), 'requirePurpose') ?? false,
    recordRetentionYears: years(context('recordRetentionYears')),
    queueLimit: positive(context('queueLimit'), 'queueLimit') ?? QUEUE_LIMIT,
    concurrencyQuota: positive(context('concurrencyQuota'), 'concurrencyQuota') ?? CONCURRENCY_QUOTA,
    breakGlassMinutes: breakGlassMinutes(context('breakGlassMinutes')),
    userJobLimit: positive(context('userJobLimit'), 'userJobLimit') ?? USER_JOB_LIMIT,
    backupEngine: readBackupEngine(context('backupEngine'), table),
    corsOrigins: readOrigins(context('corsOrigins')),
    bundles: text(context('bundles')) ?? join(import.meta.dirname, '..', 'dist', table.flavour),
    version: packageJson.version,
    ...optional('alarmEmail', alarmEmail(context, name, table.alarmReceiverRequired)),
    ...optional('reservedConcurrency', positive(context('reservedConcurrency'), 'reservedConcurrency')),
    ...(table.laptop && { laptopSettings: laptopSettings(context) }),
  };
  return { stage, extraIssuers: parseIssuers(context('issuers'), table.laptop) };
}

function laptopSettings(context: ReadContext) {
  return {
    frontPort: positive(context('frontPort'), 'frontPort') ?? FRONT_PORT,
    hooksDirectory: text(context('hooksDir')) ?? join(import.meta.dirname, '..', '.local', 'hooks'),
  };
}

function stageName(value: unknown): StageName {
  const names = Object.keys(STAGES).join(', ');
  if (typeof value !== 'string' || !isStage(value))
    throw new Error(`Say which stage: -c stage=<name>, one of ${names}.`);
  return value;
}

const isStage = (name: string): name is StageName => Object.hasOwn(STAGES, name);

function timeZone(zone: string | undefined, stage: string, required: boolean): string {
  if (zone === undefined) {
    if (required)
      throw new Error(
        `Stage ${stage} needs the zone of patients who name none: -c defaultTimeZone=<IANA zone>, like America/New_York.`,
      );
    return '';
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new Error('The context defaultTimeZone is not an IANA time zone like America/New_York.');
  }
  return zone;
}

/** An alarm that nobody hears is none, so a stage for patients is not made without somebody who does. */
function alarmEmail(context: ReadContext, stage: string, required: boolean): string | undefined {
  const address = text(context('alarmEmail'));
  const elsewhere = yesOrNo(context('alarmsElsewhere'), 'alarmsElsewhere') ?? false;
  if (address === undefined && required && !elsewhere)
    throw new Error(
      `Stage ${stage} needs somebody who hears its alarms: -c alarmEmail=<address>, or -c alarmsElsewhere=true if the ` +
        'alarm topic is subscribed by other means.',
    );
  if (address !== undefined && !/^[^\s@]+@[^\s@]+$/.test(address))
    throw new Error('The context alarmEmail is not an address like operations@example.org.');
  return address;
}

/** Checked where it is said, and handed to the functions as it was written. */
function defaultTimes(json: string): string {
  readDefaultTimesSetting(json);
  return json;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function positive(value: unknown, key: string): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`The context ${key} is not a whole number of at least 1.`);
  return number;
}

function breakGlassMinutes(value: unknown): number {
  const minutes = positive(value, 'breakGlassMinutes') ?? BREAK_GLASS_MINUTES;
  if (minutes <= BREAK_GLASS_MINUTES) return minutes;
  throw new Error(`The context breakGlassMinutes is more than ${BREAK_GLASS_MINUTES}.`);
}

/** Longer than any law demands of records about an adult. */
const MOST_YEARS = 50;

function years(value: unknown): number {
  const number = value === undefined || value === '' ? 0 : Number(value);
  if (!Number.isInteger(number) || number < 0 || number > MOST_YEARS)
    throw new Error(`The context recordRetentionYears is not a whole number from 0 to ${MOST_YEARS}.`);
  return number;
}

/** `-c name=value` brings text, cdk.json also truth values. */
function yesOrNo(value: unknown, key: string): boolean | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Error(`The context ${key} is neither true nor false.`);
}

const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }; // A computed key loses its literal type.
