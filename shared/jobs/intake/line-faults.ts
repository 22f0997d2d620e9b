import type { Problem } from '../../errors/problem-error.ts';

/** Why a line could not even be looked at, with what to do. The codes are kept, the sentences are not. */
export const LINE_FAULTS = {
  malformed_json: 'This line cannot be parsed as one JSON object.',
  too_deep: 'This line is nested too deeply.',
  too_long: 'This line is longer than a request may be: 65,536 bytes.',
  repeated_field: 'Name each field once.',
  unknown_field: 'This field is not allowed.',
  wrong_format: 'Use 1 to 64 letters, digits, "_" or "-".',
  required: 'This is required.',
  not_in_your_care: 'Your role allows this for people in your care only.',
  user_erased: 'What was known of this user is erased, and nothing new is taken.',
  not_a_medication_request: 'Only MedicationRequest is carried over: leave other resources out.',
  not_to_be_stored: 'An import brings schedules: leave out entries with another method than POST or PUT.',
  subject_not_local: 'Send the relative reference Patient/<user_id>.',
} as const satisfies Record<string, string>;

export type LineFaultCode = keyof typeof LINE_FAULTS;

export const faultProblem = ({
  pointer,
  code,
}: {
  readonly pointer: string;
  readonly code: string;
}): Problem => ({
  pointer,
  code,
  detail: Object.entries(LINE_FAULTS).find(([known]) => known === code)?.[1] ?? 'This line cannot be read.',
});
