import type { InteractionCheck } from './interaction-check.ts';

/** What a patient is told of a check before a professional has released anything of it. */
export type PatientView = {
  readonly checked: boolean;
  readonly message: string;
};

/**
 * Says that the check was done and that a professional will look, and nothing else: the same words whatever was
 * found, so that neither findings nor their absence can be read from them.
 */
export const patientView = (result: Pick<InteractionCheck, 'outcome'>): PatientView =>
  result.outcome === 'error'
    ? {
        checked: false,
        message:
          'Your medications could not be checked this time. A pharmacist or clinician will look at them. ' +
          'Do not start, stop or change a medication because of this message.',
      }
    : {
        checked: true,
        message:
          'The check of your list was done. A pharmacist or clinician will look at the result, also at what could ' +
          'not be compared, and tell you what it means for you. Do not start, stop or change a medication because ' +
          'of this message.',
      };
