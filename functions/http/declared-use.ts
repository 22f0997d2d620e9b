import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { isPurpose, PURPOSES_OF_ROLE, PURPOSES_OF_USE, rolesFor } from '#shared/evidence/purpose-of-use.ts';
import { ID_PATTERN } from '#shared/jobs/schema-members.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import type { ApiEvent } from './api-event.ts';
import { headerValues, repeatedHeader } from './sole-header.ts';

export const PURPOSE_HEADER = 'X-Purpose-Of-Use';
export const ON_BEHALF_HEADER = 'X-On-Behalf-Of';

const ID = new RegExp(ID_PATTERN);

/**
 * The caller with what the request says of its use: for which purpose, and for whom a service acts, which its token may
 * have said already. Who says so acts in those roles only that may.
 * @param isPurposeRequired nobody may leave the purpose out
 * @param note is told what none of the roles may say, or who had to say more, before it is refused
 * @throws ProblemError `invalid_input` for a header that cannot be read, that the token contradicts or that is missing,
 *   `forbidden` when none of the roles may say so
 */
export function withDeclaredUse(
  event: ApiEvent,
  caller: Caller,
  isPurposeRequired = false,
  note: (lacking: 'purpose' | 'on_behalf_of') => void = () => {},
): Caller {
  const purpose = oneValue(event, PURPOSE_HEADER);
  const named = oneValue(event, ON_BEHALF_HEADER);
  const onBehalfOf = named ?? caller.onBehalfOf;
  let { roles } = caller;
  if (purpose !== undefined) {
    if (!isPurpose(purpose))
      throw wrongHeader(PURPOSE_HEADER, `send one of ${Object.keys(PURPOSES_OF_USE).join(', ')}.`);
    roles = rolesFor(roles, purpose);
    if (roles.length === 0) {
      note('purpose');
      throw new ProblemError('forbidden', 'None of your roles may act for that purpose.');
    }
  }
  if (onBehalfOf !== undefined) {
    if (!ID.test(onBehalfOf)) throw wrongHeader(ON_BEHALF_HEADER, 'send the id of one person.');
    if (caller.onBehalfOf !== undefined && onBehalfOf !== caller.onBehalfOf)
      throw wrongHeader(ON_BEHALF_HEADER, 'the token names somebody else.', 'contradicts_token');
    roles = roles.filter((role) => role === 'service');
    if (roles.length === 0) {
      note('on_behalf_of');
      throw new ProblemError('forbidden', 'Only services act on behalf of somebody else.');
    }
  }
  if (purpose === undefined && isPurposeRequired && roles.length > 0) {
    note('purpose');
    throw purposeMissing(roles);
  }
  return {
    ...caller,
    roles,
    ...(purpose !== undefined && { purpose }),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
  };
}

function oneValue(event: ApiEvent, name: string): string | undefined {
  const [value, ...more] = headerValues(event, name);
  if (more.length === 0) return value;
  throw new ProblemError('invalid_input', `The header ${name} was sent more than once.`, {
    problems: [repeatedHeader(name)],
  });
}

const wrongHeader = (name: string, detail: string, code = 'wrong_format'): ProblemError =>
  new ProblemError('invalid_input', `The header ${name} cannot be taken as it is; see problems.`, {
    problems: [{ pointer: '', code, detail: `Header ${name}: ${detail}` }],
  });

/** Names what these roles may say. */
function purposeMissing(roles: readonly Role[]): ProblemError {
  const codes = [...new Set(roles.flatMap((role): readonly string[] => PURPOSES_OF_ROLE[role]))];
  const detail = `Header ${PURPOSE_HEADER}: send one of ${codes.join(', ')}.`;
  return new ProblemError('invalid_input', 'Here every request has to say what it is for; see problems.', {
    problems: [{ pointer: '', code: 'required', detail }],
  });
}
