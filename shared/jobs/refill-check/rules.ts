import { type Facts, type Ruling, recordOf } from '../define-job-kind.ts';
import type { RecordKey, Refs } from '../ports.ts';
import type { RefillCheck } from './schema.ts';

/** The medication, its schedule and the user. */
export function factKeys(payload: RefillCheck, refs: Refs): RecordKey<'medication' | 'schedule' | 'user'>[] {
  const owner = refs.user(payload.user_id);
  const id = refs.medication(payload.user_id, payload.medication_id);
  return [
    { type: 'medication', owner, id },
    { type: 'schedule', owner, id },
    { type: 'user', owner, id: '' },
  ];
}

/**
 * The user must have the medication, and not stopped; the supply must be a finite amount. A schedule is no condition:
 * what is taken as needed has none, and what is not known without one the answer says.
 */
export function rules(payload: RefillCheck, facts: Facts): Ruling<RefillCheck> {
  if (payload.supply_source !== undefined) {
    const detail = 'This member is set by the service: leave it out.';
    return { ok: false, problems: [{ pointer: '/supply_source', code: 'read_only', detail }] };
  }
  if (!Number.isFinite(payload.current_supply) || payload.current_supply < 0) {
    const detail = 'Send the units on hand as a number of 0 or more.';
    return { ok: false, problems: [{ pointer: '/current_supply', code: 'supply_not_valid', detail }] };
  }
  const medication = recordOf('medication', facts.records[0]);
  const stands = medication !== undefined && medication.state.status !== 'stopped';
  return stands ? { ok: true, payload } : { ok: false, notFound: 'medication_not_found' };
}
