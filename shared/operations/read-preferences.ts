import { ianaTimeZone } from '../clinical/index.ts';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import type { Preferences, UserBody } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { PreferencesBody } from './bodies/preferences.ts';
import { readGrants } from './caregiver-grants.ts';

/** What a body of preferences makes of a user's record. */
export type Wished = Required<Pick<UserBody, 'preferences'>> & Pick<UserBody, 'timeZone' | 'timeZoneSource'>;

/**
 * Reads preferences from a body that has passed its schema. What it leaves out takes its default.
 * @param before the preferences that stand, for what is final in them
 * @throws ProblemError `invalid_input` that names every member with a fault
 */
export function readPreferences(body: PreferencesBody, before: Preferences, now: Instant): Wished {
  const problems: Problem[] = [];
  const timeZone = readZone(body.time_zone, '/time_zone', problems);
  const currentTimeZone = readZone(body.current_time_zone, '/current_time_zone', problems);
  const follow = body.follow ?? 'home';
  if (follow === 'current' && body.current_time_zone === undefined)
    problems.push({
      pointer: '/current_time_zone',
      code: 'required',
      detail: 'Say where the user stays, or follow home.',
    });
  const { quiet_hours: quietHours, meal_times: mealTimes } = body;
  if (quietHours && quietHours.from === quietHours.to)
    problems.push({ pointer: '/quiet_hours/to', code: 'empty_range', detail: 'End them at another time.' });
  if (mealTimes) problems.push(...mealProblems(mealTimes));
  const caregivers = readGrants(body.caregivers ?? [], before.caregivers, now, problems);
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return {
    ...(timeZone !== undefined && { timeZone, timeZoneSource: 'preferences' }),
    preferences: {
      follow,
      channels: body.channels ?? [],
      messageNamesMedication: body.message_names_medication ?? false,
      caregivers,
      ...(currentTimeZone !== undefined && { currentTimeZone }),
      ...(mealTimes && { mealTimes }),
      ...(quietHours && { quietHours }),
    },
  };
}

function readZone(text: string | undefined, pointer: string, problems: Problem[]): string | undefined {
  if (text === undefined) return undefined;
  const zone = ianaTimeZone(text);
  if (zone === undefined)
    problems.push({
      pointer,
      code: 'unknown_time_zone',
      detail: 'Give an IANA zone of a region, such as Europe/Berlin; no abbreviation and no fixed offset.',
    });
  return zone;
}

const MEALS = ['breakfast', 'lunch', 'dinner'] as const;

/** Meals that stand in another order than their names say are a slip of the pen. */
function mealProblems(meals: NonNullable<PreferencesBody['meal_times']>): Problem[] {
  const told = MEALS.filter((meal) => meals[meal] !== undefined);
  return told.slice(1).flatMap((meal, index) => {
    const before = told[index] ?? meal;
    if ((meals[before] ?? '') < (meals[meal] ?? '')) return [];
    return [{ pointer: `/meal_times/${meal}`, code: 'wrong_order', detail: `It lies after ${before}.` }];
  });
}
