import { parseFrequency } from '../parse-frequency.ts';
import { WEEKDAY_CODES, type WeekdayCode } from '../weekdays.ts';
import type { FhirElement } from './element.ts';
import { frequencyAtEvents } from './timing-events.ts';

/** How often and when, in the words of a schedule request. */
export interface ReadFrequency {
  readonly frequency: string;
  readonly times?: readonly string[];
  readonly weekdays?: readonly WeekdayCode[];
}

/** `frequency` doses per `period` of `periodUnit`; absent members were not sent. */
interface Rate {
  readonly frequency?: number;
  readonly period?: number;
  readonly unit?: string;
}

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d):00(?:\.0+)?$/;
const NOT_EXACT = 'These elements together have no exact counterpart here: send the schedule as NDJSON.';

/** What `Timing.repeat` says of frequency and times; `undefined` when it says nothing of them, or nothing that can be used. */
export function readFrequency(repeat: FhirElement): ReadFrequency | undefined {
  const rate = rateOf(repeat);
  const weekdays = weekdaysOf(repeat);
  const times = timesOf(repeat);
  const events = repeat.texts('when');
  if (!rate || weekdays === 'wrong' || times === 'wrong') return undefined;
  if (events && times) {
    repeat.refuse('when', 'contradiction', 'FHIR allows timeOfDay or when, not both (tim-10).');
    return undefined;
  }
  const days = weekdays && { weekdays };
  if (events) {
    const frequency = frequencyAtEvents(repeat, events, rate);
    return frequency === undefined ? undefined : { frequency, ...days };
  }
  const count = times?.length;
  if (rate.period === undefined && rate.frequency === undefined && !times && !weekdays) return undefined;
  const frequency = frequencyOf(rate, count, weekdays?.length);
  if (frequency === undefined) {
    repeat.refuse('', 'timing_not_exact', NOT_EXACT);
    return undefined;
  }
  return { frequency, ...(times && { times }), ...days };
}

/** Only combinations with one reading; everything else has none here. */
function frequencyOf({ frequency, period, unit }: Rate, times?: number, days?: number): string | undefined {
  if (period === undefined) {
    // Without a period the days and times of the day are the whole statement.
    if (times === undefined) return days !== undefined && (frequency ?? 1) === 1 ? 'daily' : undefined;
    return (frequency ?? times) === times ? perDay(times) : undefined;
  }
  const doses = frequency ?? (unit === 'd' && period === 1 ? times : undefined) ?? 1;
  if (unit === 'd' && period === 1) return perDay(doses);
  if (unit === 'wk' && period === 1) return days === undefined || days === doses ? perWeek(doses) : undefined;
  if (doses !== 1 || (days ?? 0) > (unit === 'wk' ? 1 : 0)) return undefined;
  const letters = { h: 'H', d: 'D', wk: 'W', mo: 'MO' }[unit ?? ''];
  return letters === undefined ? undefined : `Q${period}${letters}`;
}

const perDay = (doses: number): string => (doses === 1 ? 'daily' : `${doses} times a day`);
const perWeek = (doses: number): string => (doses === 1 ? 'weekly' : `${doses} times a week`);

/** `undefined` when a member was refused. */
function rateOf(repeat: FhirElement): Rate | undefined {
  const [frequency, period, unit] = [
    repeat.number('frequency'),
    repeat.number('period'),
    repeat.text('periodUnit'),
  ];
  const wrong = (
    [
      ['frequency', frequency],
      ['period', period],
    ] as const
  ).filter(([, value]) => value !== undefined && (!Number.isInteger(value) || value < 1));
  for (const [name] of wrong)
    repeat.refuse(name, 'not_whole', 'Only whole numbers from 1 have a counterpart here.');
  if ((period === undefined) !== (unit === undefined)) {
    repeat.refuse('period', 'required', 'FHIR wants period and periodUnit together (tim-2).');
    return undefined;
  }
  if (unit !== undefined && !['h', 'd', 'wk', 'mo'].includes(unit)) {
    repeat.refuse('periodUnit', 'unit_not_supported', 'Use h, d, wk or mo.');
    return undefined;
  }
  if (wrong.length > 0) return undefined;
  return {
    ...(frequency !== undefined && { frequency }),
    ...(period !== undefined && { period }),
    ...(unit !== undefined && { unit }),
  };
}

function weekdaysOf(repeat: FhirElement): readonly WeekdayCode[] | undefined | 'wrong' {
  const codes = repeat.texts('dayOfWeek');
  if (!codes || codes.length === 0) return undefined;
  const days = WEEKDAY_CODES.filter((day) => codes.some((code) => code.slice(0, 2).toUpperCase() === day));
  const known = codes.every((code) => /^(mon|tue|wed|thu|fri|sat|sun)$/.test(code));
  if (known && days.length === codes.length) return days;
  repeat.refuse('dayOfWeek', 'invalid_value', 'Use mon, tue, wed, thu, fri, sat or sun, each once.');
  return 'wrong';
}

function timesOf(repeat: FhirElement): readonly string[] | undefined | 'wrong' {
  const sent = repeat.texts('timeOfDay');
  if (!sent || sent.length === 0) return undefined;
  const times = sent.flatMap((time) => {
    const [, hours, minutes] = CLOCK_TIME.exec(time) ?? [];
    return hours === undefined ? [] : [`${hours}:${minutes}`];
  });
  if (times.length === sent.length) return times;
  repeat.refuse('timeOfDay', 'time_not_valid', 'Use clock times on whole minutes, such as 08:00:00.');
  return 'wrong';
}

/** Whether two texts stand for the same frequency. */
export function isSameFrequency(one: string, other: string): boolean {
  const [a, b] = [parseFrequency(one), parseFrequency(other)];
  return a.ok && b.ok && a.code === b.code && a.repeat?.when?.join() === b.repeat?.when?.join();
}
