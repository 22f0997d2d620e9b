/** When a person eats, as clock times `HH:MM`. Nothing is assumed: a meal that is not told has no time. */
export interface MealTimes {
  readonly breakfast?: string;
  readonly lunch?: string;
  readonly dinner?: string;
}

type Meal = keyof MealTimes;
const EVERY_MEAL: readonly Meal[] = ['breakfast', 'lunch', 'dinner'];

/**
 * Minutes between a dose "before meals" or "after meals" and the meal. 30 minutes before is what US labels of drugs
 * that are taken before meals say (metoclopramide tablets, section 2: 30 minutes before each meal; read 2026-11-24 in
 * a publisher's copy); 30 minutes after is this project's own choice. The meal itself is 0.
 */
const MEAL_OFFSET_MINUTES = 30;

/**
 * Events of meals: the codes of HL7 v3 TimingEvent as bound to FHIR R4 `Timing.repeat.when`. M, D, V are the morning,
 * midday and evening meal (matutinus, diurnus, vespertinus).
 */
export const MEAL_EVENTS = {
  AC: { meals: EVERY_MEAL, offsetMinutes: -MEAL_OFFSET_MINUTES, text: 'before meals' },
  ACM: { meals: ['breakfast'], offsetMinutes: -MEAL_OFFSET_MINUTES, text: 'before breakfast' },
  ACD: { meals: ['lunch'], offsetMinutes: -MEAL_OFFSET_MINUTES, text: 'before lunch' },
  ACV: { meals: ['dinner'], offsetMinutes: -MEAL_OFFSET_MINUTES, text: 'before dinner' },
  PC: { meals: EVERY_MEAL, offsetMinutes: MEAL_OFFSET_MINUTES, text: 'after meals' },
  PCM: { meals: ['breakfast'], offsetMinutes: MEAL_OFFSET_MINUTES, text: 'after breakfast' },
  PCD: { meals: ['lunch'], offsetMinutes: MEAL_OFFSET_MINUTES, text: 'after lunch' },
  PCV: { meals: ['dinner'], offsetMinutes: MEAL_OFFSET_MINUTES, text: 'after dinner' },
  C: { meals: EVERY_MEAL, offsetMinutes: 0, text: 'with meals' },
  CM: { meals: ['breakfast'], offsetMinutes: 0, text: 'with breakfast' },
  CD: { meals: ['lunch'], offsetMinutes: 0, text: 'with lunch' },
  CV: { meals: ['dinner'], offsetMinutes: 0, text: 'with dinner' },
} as const satisfies Record<
  string,
  { readonly meals: readonly Meal[]; readonly offsetMinutes: number; readonly text: string }
>;
export type MealEvent = keyof typeof MEAL_EVENTS;

export const isMealEvent = (code: string): code is MealEvent => Object.hasOwn(MEAL_EVENTS, code);

const MINUTES_PER_DAY = 1440;

/**
 * The clock times of a dose that is tied to meals, ascending; `undefined` when one of its meals has no time, or one
 * that is no clock time. An offset does not leave the day: "before" a meal at 00:10 is 00:00.
 */
export function mealClockTimes(event: MealEvent, mealTimes: MealTimes): readonly string[] | undefined {
  const { meals, offsetMinutes } = MEAL_EVENTS[event];
  const minutes = meals.map((meal) => minuteOf(mealTimes[meal]));
  if (minutes.includes(undefined)) return undefined;
  const shifted = minutes.map((minute) =>
    Math.min(Math.max((minute ?? 0) + offsetMinutes, 0), MINUTES_PER_DAY - 1),
  );
  return [...new Set(shifted)].sort((a, b) => a - b).map(clockTime);
}

const minuteOf = (time: string | undefined): number | undefined => {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
};

const clockTime = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
