import { ProblemError } from '../errors/problem-error.ts';

/** What a record is called in the headers `ETag` and `If-Match`: its version. One that does not stand yet has version 0. */
export const entityTag = (version: number): string => `"${version}"`;

/**
 * Whether a request may change what stands at `version`.
 * @param ifMatch the tags of the header `If-Match`, or `*`; `undefined` when it was not sent
 * @throws ProblemError `precondition_failed` when it was changed since the caller read it, `precondition_required` when
 *   the header is missing where it is demanded
 */
export function demandVersion(
  ifMatch: readonly string[] | undefined,
  version: number,
  isDemanded: boolean,
): void {
  if (ifMatch === undefined) {
    if (!isDemanded) return;
    throw new ProblemError(
      'precondition_required',
      'Send the header If-Match with the ETag that you were given when you read it, so that no change gets lost.',
    );
  }
  if (ifMatch.includes(entityTag(version)) || (ifMatch.includes('*') && version > 0)) return;
  throw changedMeanwhile();
}

export const changedMeanwhile = (): ProblemError =>
  new ProblemError(
    'precondition_failed',
    'It was changed since you read it: read it again and repeat your change.',
  );
