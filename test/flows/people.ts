import type { useStack } from '#infra/local/testing/use-stack.ts';

type Stack = ReturnType<typeof useStack>;

/** What the API answered to a submission, as far as these flows look at it. */
export interface Submitted {
  readonly status: number;
  readonly jobId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An invented patient of one test, with a token. Each test has its own, because all share one stack. */
export async function patient(stack: Stack, userId: string) {
  const token = await stack.token('patient', userId);
  const submit = async (
    kind: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Submitted> => {
    const answer = await stack.call('POST', `/jobs/${kind}`, {
      token,
      headers,
      body: { user_id: userId, ...body },
    });
    const answered = answer.body as Record<string, unknown>; // every answer of this API is a JSON object
    return { status: answer.status, jobId: String(answered['job_id']), body: answered };
  };
  return {
    userId,
    token,
    submit,
    /** The patient takes one medication, daily at 08:00. */
    takes: async (medicationId: string): Promise<void> => {
      const schedule = { frequency: 'QD', times: ['08:00'], time_zone: 'America/New_York' };
      const { jobId } = await submit('medication-reminder', { medication_id: medicationId, schedule });
      await stack.waitForJob(jobId, token);
    },
  };
}

/** The attempts of a job as the API shows them. */
export interface ShownAttempt {
  readonly attempt: number;
  readonly generation: number;
  readonly started_at: string;
  readonly ended_at?: string;
  readonly outcome: string;
  readonly error_code?: string;
}

export const attemptsOf = (job: Readonly<Record<string, unknown>>): readonly ShownAttempt[] =>
  job['attempts'] as readonly ShownAttempt[]; // the shape of shared/operations/job-view.ts
