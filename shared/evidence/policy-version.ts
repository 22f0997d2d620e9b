import { createHash } from 'node:crypto';
import { CRITICAL_ROLES, ROUTE_ACCESS, SUBMIT_RELATIONSHIP } from './access.ts';
import { BREAK_GLASS } from './break-glass.ts';
import { canonicalJson } from './canonical-json.ts';
import { SCOPE_OF_KIND } from './caregiver-scopes.ts';
import { KINDS_ABOUT_NOBODY } from './kinds-about-nobody.ts';
import { PURPOSES_OF_ROLE } from './purpose-of-use.ts';
import { RESULT_SIGHT } from './result-sight.ts';

const VERSION = createHash('sha256')
  .update(
    canonicalJson({
      ROUTE_ACCESS,
      KINDS_ABOUT_NOBODY,
      SUBMIT_RELATIONSHIP,
      SCOPE_OF_KIND,
      CRITICAL_ROLES,
      PURPOSES_OF_ROLE,
      RESULT_SIGHT,
      BREAK_GLASS,
    }),
  )
  .digest('hex')
  .slice(0, 16);

/** Names the access table that is in force: another table has another name, whatever else a deployment changes. */
export const policyVersion = (): string => VERSION;
