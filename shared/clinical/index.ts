/**
 * Schedules, time and supply: pure functions over plain objects. Nothing here reads a clock or a store.
 */
export {
  type Advance,
  type AdvanceInput,
  advanceSchedule,
  firstDueAt,
  MATERIALISE_AHEAD_SECONDS,
} from './advance-schedule.ts';
export { type CheckedSchedule, checkSchedule, type TimeZoneSource } from './check-schedule.ts';
export { daysOfSupply, dosesPerDay } from './days-of-supply.ts';
export {
  type DeliveryOrder,
  type DoseOwner,
  type DueOccurrence,
  deliveryOf,
  type NotSentReason,
  occurrenceRecord,
} from './due-occurrence.ts';
export {
  checkInteractions,
  type Finding,
  type InteractionCheck,
  type PatientView,
  patientView,
} from './interactions/index.ts';
export { type Resolution, resolveMedication } from './names/index.ts';
export { nextOccurrences, occurrencesBetween } from './occurrences.ts';
export { orderBy } from './order-by.ts';
export { type ParsedFrequency, parseFrequency } from './parse-frequency.ts';
export { projectSupply, type SupplyProjection, type Urgency, unitsOnHand } from './project-supply.ts';
export { runOut } from './run-out.ts';
export type { Occurrence, Schedule } from './schedule.ts';
export {
  type CompleteSchedule,
  type ScheduleRequest,
  scheduleOf,
  WEEKDAY_CODES,
} from './schedule-request.ts';
export { ianaTimeZone, tzdataVersion } from './time-zone.ts';
