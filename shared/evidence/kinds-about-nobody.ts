import type { Role } from '../lifecycle/role.ts';

/**
 * Of jobs about nobody, the kinds that a role is let in to whoever made them; without an entry: all. Analysts read roll-ups;
 * an application that brings schedules shows them to no other one. Its own it sees, and changes, by `ofMaker` of its rule.
 */
export const KINDS_ABOUT_NOBODY: { readonly [R in Role]?: KindsOfRole } = {
  analyst: { only: ['analytics-roll-up'] },
  service: { none: ['import', 'import-chunk'] },
};
type KindsOfRole = { readonly only: readonly string[] } | { readonly none: readonly string[] };

/** Whether a role that is let in to jobs about nobody is let in to those of that kind. */
export const isOfKinds = (role: Role, kind: string): boolean => {
  const kinds = KINDS_ABOUT_NOBODY[role];
  return kinds === undefined || ('only' in kinds ? kinds.only.includes(kind) : !kinds.none.includes(kind));
};
