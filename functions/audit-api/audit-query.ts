import type { ApiEvent } from '#functions/http/api-event.ts';
import { type ReadParameter, readQuery } from '#functions/http/read-query.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';
import { ACTOR_REF_PATTERN } from '#shared/operations/bodies/audit-search.ts';
import type { AuditQuestion } from '#shared/operations/read-audit.ts';

/** How an answer is written. */
export type AuditFormat = 'json' | 'fhir';

/** What of a question is not about whose entries are meant. */
export type AuditWindow = Pick<AuditQuestion, 'range' | 'limit' | 'cursor'> & {
  readonly format: AuditFormat;
};

const DEFAULT_DAYS = 30;
/** Entries are kept for 13 months. */
const MOST_DAYS = 400;
const DAY_SECONDS = 86_400;
const MOST_ENTRIES = 100;
const DEFAULT_LIMIT = 50;

const fitting =
  (fits: (text: string) => boolean, detail: string): ReadParameter =>
  (text) =>
    fits(text) ? { value: text } : { fault: { code: 'invalid_value', detail } };

const instant: ReadParameter = (text) => {
  const read = readInstant(text);
  if (read.ok) return { value: read.instant };
  const hint = read.code === 'wrong_format' ? ' In a URL "+" is written %2B.' : '';
  return { fault: { code: read.code, detail: `${read.detail}${hint}` } };
};

const PAGE = {
  limit: fitting(
    (text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_ENTRIES,
    `Give a whole number from 1 to ${MOST_ENTRIES}.`,
  ),
  cursor: fitting(
    (text) => /^[\w-]{1,600}$/.test(text),
    'Give the next_cursor of the page before, unchanged.',
  ),
  format: fitting((text) => text === 'json' || text === 'fhir', 'Use json or fhir.'),
};

const actor = fitting(
  (text) => new RegExp(ACTOR_REF_PATTERN).test(text),
  'Use the actor.ref of an entry. Who is known by the subject of a token is looked for by POST /audit/search.',
);

/** @throws ProblemError `invalid_input` */
export const readJobWindow = (event: ApiEvent): AuditWindow => windowOf(readQuery(event, PAGE));

/** @throws ProblemError `invalid_input` */
export const readUserWindow = (event: ApiEvent, now: Instant): AuditWindow =>
  rangedWindow(readQuery(event, { ...PAGE, from: instant, to: instant }), now);

/** @throws ProblemError `invalid_input` */
export function readActorWindow(event: ApiEvent, now: Instant): AuditWindow & { readonly actor: string } {
  const { actor: ref, ...rest } = readQuery(event, { ...PAGE, from: instant, to: instant, actor });
  if (ref === undefined)
    throw new ProblemError('invalid_input', 'Say whose entries are meant.', {
      problems: [{ pointer: '/actor', code: 'required', detail: 'Name the actor.ref of an entry.' }],
    });
  return { ...rangedWindow(rest, now), actor: ref };
}

interface Given {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: string | number | undefined;
  readonly cursor?: string | undefined;
  readonly format?: string | undefined;
}

const windowOf = ({ limit = DEFAULT_LIMIT, cursor, format }: Given): AuditWindow => ({
  limit: Number(limit),
  format: format === 'fhir' ? 'fhir' : 'json',
  ...(cursor !== undefined && { cursor }),
});

/** @throws ProblemError `invalid_input` when the range is empty, or longer than entries are kept */
export function rangedWindow(given: Given, now: Instant): AuditWindow {
  const to = given.to ?? now;
  const from = given.from ?? addSeconds(to, -DEFAULT_DAYS * DAY_SECONDS);
  const fault =
    from >= to
      ? { pointer: '/to', code: 'invalid_value', detail: 'The end must be later than "from".' }
      : addSeconds(from, MOST_DAYS * DAY_SECONDS) < to
        ? { pointer: '/from', code: 'too_long', detail: `Ask for at most ${MOST_DAYS} days at once.` }
        : undefined;
  if (fault)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems: [fault],
    });
  return { ...windowOf(given), range: { from, to } };
}
