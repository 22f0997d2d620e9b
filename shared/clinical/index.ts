/**
 * Schedules, time and supply: pure functions over plain objects. Nothing here reads a clock or a store.
 */

export { type Adherence, type AdherenceInput, adherence } from './adherence.ts';
export {
  type Advance,
  type AdvanceInput,
  advanceSchedule,
  firstDueAt,
  LONGEST_LATE_WINDOW_SECONDS,
  MATERIALISE_AHEAD_SECONDS,
  type RemindedSchedule,
} from './advance-schedule.ts';
export { caregiversAt, ESCALATION_SCOPE, scopesAt } from './caregiver-consent.ts';
export { changeZone, isOtherZone, type ZoneChange } from './change-zone.ts';
export { type CheckedSchedule, checkSchedule, type TimeZoneSource } from './check-schedule.ts';
export {
  type ControlledRefill,
  type ControlledVerdict,
  type DeaSchedule,
  isOverMostRefills,
} from './controlled-substances.ts';
export { type DefaultTimes, readDefaultTimes } from './default-times.ts';
export {
  type DeliveryDecision,
  type DeliveryFacts,
  type DeliveryPurpose,
  decideDelivery,
  type EscalationCause,
  isFailure,
  isLate,
} from './delivery-decision.ts';
export {
  type DeliveryOrder,
  type DoseOwner,
  type DueOccurrence,
  HELD_REASON,
  heldRecord,
  type NotSentReason,
  occurrenceId,
  occurrenceRecord,
} from './due-occurrence.ts';
export { earlierUseAfter, earlierUseAt, type UseOnRecord } from './earlier-use.ts';
export { type Expansion, expandSchedule } from './expand-schedule.ts';
export type { ExpansionRequest } from './expansion-request.ts';
export { mapMedicationRequest } from './fhir/medication-request.ts';
export { isOlderVersion, newerVersion, type OrderVersion } from './fhir/order-version.ts';
export { fhirDays, fhirRepeat, fhirTimingCode } from './fhir-repeat.ts';
export {
  confirmationOf,
  deliveriesOf,
  escalationOf,
  type FollowMessage,
  type FollowTerms,
  messagesAfterSnooze,
  nextMessages,
} from './follow-messages.ts';
export { followedTimeZone, followsFirstRequest, homeZoneSource, presentTimeZone } from './followed-zone.ts';
export { checkHighAlert, type HighAlertCheck } from './high-alert/check-high-alert.ts';
export type { HighAlertRule } from './high-alert/rule.ts';
export {
  checkInteractions,
  type Finding,
  type InteractionCheck,
  type PatientView,
  patientView,
} from './interactions/index.ts';
export { dateAt, plusDays, startOfDay } from './local-day.ts';
export type { MealTimes } from './meal-times.ts';
export { type Resolution, resolveMedication } from './names/index.ts';
export { nextOccurrences, occurrencesBetween, singleDoseAt } from './occurrences.ts';
export type { OrderBy, OrderByInput } from './order-by.ts';
export { type ParsedFrequency, parseFrequency } from './parse-frequency.ts';
export { phraseFrequency } from './phrase-frequency.ts';
export {
  planReplacement,
  type Replacement,
  replacementReach,
  type WithheldDose,
} from './plan-replacement.ts';
export {
  type DaysSupplyInput,
  projectSupply,
  type ReorderPointInput,
  type SupplyAnswer,
  type SupplyQuestion,
} from './project-supply.ts';
export { type RefillTooSoonInput, refillEligibility } from './refill-eligibility.ts';
export {
  REMINDER_STATUSES,
  REMINDER_TRANSITIONS,
  type ReminderEvent,
  type ReminderState,
  type ReminderStatus,
  reminderAllows,
  reminderStatusAt,
  windowEnd,
} from './reminder-states.ts';
export { type ReminderText, reminderText } from './reminder-text.ts';
export type { RunOut, RunOutInput } from './run-out.ts';
export type { Occurrence, Schedule } from './schedule.ts';
export {
  type CompleteSchedule,
  type ReminderOptions,
  type ScheduleRequest,
  scheduleOf,
  WEEKDAY_CODES,
} from './schedule-request.ts';
export { hasFixedDoses } from './scheduled-supply.ts';
export {
  closeTogetherHours,
  earlierEnd,
  LONGEST_REACH_HOURS,
  nearestTold,
  type SpacingCause,
  type StandingDose,
  spacingHours,
} from './spacing.ts';
export { presentZone } from './stays.ts';
export {
  type OutlookReason,
  type SupplyOutlook,
  type SupplyTerms,
  supplyOutlook,
  type Urgency,
} from './supply-outlook.ts';
export { mostDosesOf, type SupplyFacts } from './supply-reach.ts';
export { ianaTimeZone, tzdataVersion } from './time-zone.ts';
export { unitsOnHand } from './units-on-hand.ts';
export type { SkippedDoses } from './units-used.ts';
export { type UnmadeDose, unmadeDose } from './unmade-dose.ts';
export { afterZoneDataChange, type MadeOccurrence, type ZoneDataAnswer } from './zone-data-change.ts';
