import { type Facts, type Ruling, recordOf } from '../define-job-kind.ts';
import type { RecordKey, Refs } from '../ports.ts';
import type { RefillCheck } from './schema.ts';

/** The medication and its schedule. */
export function factKeys(payload: RefillCheck, refs: Refs): RecordKey<'medication' | 'schedule'>[] {
  const owner = refs.user(payload.user_id);
  const id = refs.medication(payload.user_id, payload.medication_id);
  return [
    { type: 'medication', owner, id },
    { type: 'schedule', owner, id },
  ];
}

/** The user must have the medication, active and with a schedule; the supply must be a finite amount. */
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
  const schedule = recordOf('schedule', facts.records[1]);
  const active = medication?.state.status === 'active' && schedule?.state.status === 'active';
  return active ? { ok: true, payload } : { ok: false, notFound: 'medication_not_found' };
}
