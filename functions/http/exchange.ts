import type { Caller } from '#shared/evidence/caller.ts';
import type { Members } from '#shared/evidence/response-members.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import type { Role } from '#shared/lifecycle/role.ts';

/**
 * One request on its way through a handler. The steps note here what they find out, so that the one log line, the
 * metrics and the audit entry of a refusal can say it. It lives as long as its request.
 */
export interface Exchange {
  readonly correlationId: string;
  readonly receivedAt: Instant;
  /** Milliseconds of a clock that only goes forward. */
  readonly startedMs: number;
  /** `METHOD /template`. */
  readonly route: string;
  /** By which protocols those say that the request came who handed it on; empty: nobody says. */
  readonly forwardedBy?: readonly string[];
  /** The environment's count of requests to AWS when this request came. */
  awsCallsBefore: number;
  /** The job kind of the endpoint; absent on routes that belong to no kind. */
  kind?: string;
  /** The step that runs, or that ended the request. */
  step?: string;
  /** Set once the token has been verified. */
  caller?: Caller;
  /** The role that granted the request. */
  role?: Role;
  /** What of the answer that role is shown, by the access table. */
  shows?: Members;
  /** The patient the request is about, once the body or the path has said so. */
  userId?: string;
  jobId?: string;
  /** Why a request was refused, in a code that only the log and the audit trail see. */
  reason?: string;
  /** Set when the request's metrics have been recorded. */
  measured?: boolean;
}
