import { RETENTION_DAYS } from '../contract/tables.ts';
import { ROLES } from '../lifecycle/role.ts';
import type { Actor, AuditEntry } from './audit-entry.ts';
import type { PurposeOfUse } from './purpose-of-use.ts';

/** Whether an entry tells that a person or an application saw or changed what is known of a patient. */
export const isAccess = ({ actor, outcome, subjectRef }: AuditEntry): boolean =>
  subjectRef !== undefined && outcome === 'success' && ROLES.some((role) => role === actor.role);

/** How long an entry stands in the table; sealed ones are kept beside it. */
export const daysKept = (entry: AuditEntry): number =>
  isAccess(entry) ? RETENTION_DAYS.accesses : RETENTION_DAYS.audit;

/** On which ground 45 CFR 164.528(a)(1) leaves an access out of an accounting; `none`: it belongs into one. */
export type AccountingGround =
  | 'to_the_individual'
  | 'treatment'
  | 'payment'
  | 'operations'
  | 'involved_in_care'
  | 'none';

/**
 * By what the access was for. A personal representative is treated as the individual (164.502(g)). Compliance and law may
 * be somebody outside, which the purpose does not tell: they are accounted for.
 */
const GROUND_OF_PURPOSE = {
  PATRQT: 'to_the_individual',
  PWATRNY: 'to_the_individual',
  FAMRQT: 'involved_in_care',
  TREAT: 'treatment',
  ETREAT: 'treatment',
  CAREMGT: 'treatment',
  HPAYMT: 'payment',
  HOPERAT: 'operations',
  HQUALIMP: 'operations',
  HSYSADMIN: 'operations',
  HRESCH: 'none',
  PUBHLTH: 'none',
  HCOMPL: 'none',
  HLEGAL: 'none',
} as const satisfies Record<PurposeOfUse, AccountingGround>;

export const groundOf = ({ purpose }: Actor): AccountingGround =>
  purpose === undefined ? 'none' : GROUND_OF_PURPOSE[purpose.code];
