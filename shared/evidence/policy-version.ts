import { createHash } from 'node:crypto';
import { CRITICAL_ROLES, ROUTE_ACCESS, SUBMIT_RELATIONSHIP } from './access.ts';
import { BREAK_GLASS } from './break-glass.ts';
import { canonicalJson } from './canonical-json.ts';

const VERSION = createHash('sha256')
  .update(canonicalJson({ ROUTE_ACCESS, SUBMIT_RELATIONSHIP, CRITICAL_ROLES, BREAK_GLASS }))
  .digest('hex')
  .slice(0, 16);

/** Names the access table that is in force: another table has another name, whatever else a deployment changes. */
export const policyVersion = (): string => VERSION;
