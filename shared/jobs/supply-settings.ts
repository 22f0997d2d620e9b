import { instantOf } from '../lifecycle/instant.ts';

/** What a deployer says about refills and orders. Job kinds find it in their world. */
export interface SupplySettings {
  /** Share of the days supplied after which a refill is not too soon; above 0, at most 1. */
  readonly refillThreshold: number;
  /** Days for an order to arrive, and days kept in hand besides. */
  readonly leadTimeDays: number;
  readonly safetyDays: number;
  /** MO to SU: days on which nothing can be ordered. */
  readonly closedWeekdays: readonly string[];
  /** Local dates on which nothing can be ordered. */
  readonly holidays: readonly string[];
}

/** In force where a deployer says nothing: this project's own choice, not a rule of any payer. */
export const SUPPLY_DEFAULTS: SupplySettings = {
  refillThreshold: 0.8,
  leadTimeDays: 5,
  safetyDays: 2,
  closedWeekdays: [],
  holidays: [],
};

/** What infra writes into the functions' variable: the settings as JSON, whole. */
export const supplySettingsText = (settings: SupplySettings): string => JSON.stringify(settings);

/** @throws Error that names the member which is missing or wrong; never one of its values */
export function readSupplySettings(text: string): SupplySettings {
  const members = objectOf(text);
  return {
    refillThreshold: refillThreshold(members['refillThreshold']),
    leadTimeDays: orderDays('leadTimeDays', members['leadTimeDays']),
    safetyDays: orderDays('safetyDays', members['safetyDays']),
    closedWeekdays: closedWeekdays(members['closedWeekdays']),
    holidays: holidays(members['holidays']),
  };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // No JSON; reported below.
  }
  throw new Error('The supply settings are not a JSON object.');
}

export function refillThreshold(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  throw new Error('The setting refillThreshold is not a share above 0 and at most 1, like 0.80.');
}

const MOST_ORDER_DAYS = 90;

export function orderDays(name: 'leadTimeDays' | 'safetyDays', value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_ORDER_DAYS)
    return value;
  throw new Error(`The setting ${name} is not a whole number of days from 0 to ${MOST_ORDER_DAYS}.`);
}

const WEEKDAYS: readonly unknown[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

export function closedWeekdays(value: unknown): readonly string[] {
  const days = new Set<string>();
  for (const day of Array.isArray(value) ? value : ['']) {
    if (typeof day !== 'string' || !WEEKDAYS.includes(day))
      throw new Error('The setting closedWeekdays is not a list of MO, TU, WE, TH, FR, SA and SU.');
    days.add(day);
  }
  if (days.size === WEEKDAYS.length)
    throw new Error('The setting closedWeekdays closes the whole week: leave a day open.');
  return [...days];
}

export function holidays(value: unknown): readonly string[] {
  const dates = Array.isArray(value) ? value : [''];
  const text = dates.filter((date): date is string => typeof date === 'string' && isDate(date));
  if (text.length < dates.length)
    throw new Error('The setting holidays is not a list of dates of the calendar, like 2026-12-25.');
  return [...new Set(text)].sort();
}

/** A date that the calendar does not have is moved when it is read, and so comes back as another. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(ms) && instantOf(ms).startsWith(text);
}
