import {
  closedWeekdays,
  holidays,
  orderDays,
  refillThreshold,
  SUPPLY_DEFAULTS,
  type SupplySettings,
} from '#shared/jobs/supply-settings.ts';
import type { ReadContext } from './stage-context.ts';

/**
 * What the deployer says about refills and orders, each in a context value of its own; lists are separated by commas.
 * What is not said stays as in `SUPPLY_DEFAULTS`.
 * @throws Error that names the value which is wrong
 */
export function supplyContext(context: ReadContext): SupplySettings {
  const said = <T>(key: keyof SupplySettings, read: (value: string) => T, fallback: T): T => {
    const value = context(key);
    // `-c name=value` brings text, cdk.json numbers as well.
    return value === undefined || value === '' ? fallback : read(String(value));
  };
  const listed = (value: string): string[] => value.split(',').map((entry) => entry.trim());
  const days = (key: 'leadTimeDays' | 'safetyDays') =>
    said(key, (value) => orderDays(key, Number(value)), SUPPLY_DEFAULTS[key]);
  return {
    refillThreshold: said(
      'refillThreshold',
      (value) => refillThreshold(Number(value)),
      SUPPLY_DEFAULTS.refillThreshold,
    ),
    leadTimeDays: days('leadTimeDays'),
    safetyDays: days('safetyDays'),
    closedWeekdays: said('closedWeekdays', (value) => closedWeekdays(listed(value)), []),
    holidays: said('holidays', (value) => holidays(listed(value)), []),
  };
}
