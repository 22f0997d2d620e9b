import { ProblemError } from '../errors/problem-error.ts';

/** Seconds in which a job or two of one patient may have ended. */
const RETRY_AFTER_SECONDS = 30;

export const tooManyOpenJobs = () =>
  new ProblemError(
    'too_many_requests',
    'Too many jobs of this user have not ended yet. Try again later, or cancel some of them.',
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
