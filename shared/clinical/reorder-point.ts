import { numberOf, plus, ratio, times } from './decimal.ts';

/** Units on hand at which to order: what is used while the order is on its way, and what is kept in hand besides. */
export const reorderPoint = (input: {
  readonly daily_use: number | string;
  readonly lead_time_days: number;
  readonly safety_stock_units: number | string;
}): number =>
  numberOf(plus(times(ratio(input.daily_use), ratio(input.lead_time_days)), ratio(input.safety_stock_units)));
