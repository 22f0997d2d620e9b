import BigConstructor, { type Big } from 'big.js';

/** Decimal arithmetic of its own settings: divisions are cut to whole numbers, never rounded up. */
const Decimal = BigConstructor();
Decimal.DP = 0;
Decimal.RM = 0;

/** A fraction of exact decimals; `denominator` is above 0. Thirds and sevenths stay exact. */
export interface Ratio {
  readonly numerator: Big;
  readonly denominator: Big;
}

/**
 * An exact quantity from a number (`0.3` is 3/10, not the nearest binary number) or from text like `2`, `0.5`, `1/7`.
 * @throws RangeError when it is not finite, negative, or no number
 */
export function ratio(value: number | string): Ratio {
  const [numerator = '', denominator = '1', ...more] = String(value).split('/');
  if (more.length > 0 || ![numerator, denominator].every(isDecimal))
    throw new RangeError('Not a quantity of 0 or more.');
  const parsed = { numerator: new Decimal(numerator), denominator: new Decimal(denominator) };
  if (parsed.denominator.eq(0)) throw new RangeError('Not a quantity of 0 or more.');
  return parsed;
}

const isDecimal = (text: string): boolean => /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);

export const times = (a: Ratio, b: Ratio): Ratio => ({
  numerator: a.numerator.times(b.numerator),
  denominator: a.denominator.times(b.denominator),
});

export const plus = (a: Ratio, b: Ratio): Ratio => ({
  numerator: a.numerator.times(b.denominator).plus(b.numerator.times(a.denominator)),
  denominator: a.denominator.times(b.denominator),
});

/** `a − b`, or 0 when `b` is more. */
export function lessAtLeastZero(a: Ratio, b: Ratio): Ratio {
  const numerator = a.numerator.times(b.denominator).minus(b.numerator.times(a.denominator));
  return {
    numerator: numerator.lt(0) ? new Decimal(0) : numerator,
    denominator: a.denominator.times(b.denominator),
  };
}

/** The whole part of `a / b`, exactly. @throws RangeError when `b` is 0 */
export function wholeQuotient(a: Ratio, b: Ratio): number {
  const divisor = a.denominator.times(b.numerator);
  if (divisor.eq(0)) throw new RangeError('Division by zero.');
  return a.numerator.times(b.denominator).div(divisor).toNumber();
}

/** The smallest whole number that is not below `value`. */
export function ceiling(value: Ratio): number {
  const whole = value.numerator.div(value.denominator);
  return whole.times(value.denominator).eq(value.numerator) ? whole.toNumber() : whole.plus(1).toNumber();
}

/** `value` rounded to that many decimal places; a tie goes to the even digit, so that sums of many do not drift. */
export function rounded(value: Ratio, places: number): number {
  const scaled = value.numerator.times(new Decimal(10).pow(places));
  const whole = scaled.div(value.denominator);
  const twiceTheRest = scaled.minus(whole.times(value.denominator)).times(2);
  const tie = twiceTheRest.eq(value.denominator);
  const up = twiceTheRest.gt(value.denominator) || (tie && whole.mod(2).eq(1));
  return Number(`${whole.plus(up ? 1 : 0).toFixed()}e-${places}`);
}

export const isLess = (a: Ratio, b: Ratio): boolean =>
  a.numerator.times(b.denominator).lt(b.numerator.times(a.denominator));

/** The nearest number, for answers. */
export const numberOf = (value: Ratio): number => value.numerator.toNumber() / value.denominator.toNumber();
