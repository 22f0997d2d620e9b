import type { Instant } from '../lifecycle/instant.ts';

/** What a user wishes of reminders. `HH:MM` are local clock times. */
export interface Preferences {
  /** The zone where the user stays while travelling. */
  readonly currentTimeZone?: string;
  /** Which zone schedules without one of their own are read in. */
  readonly follow: 'home' | 'current';
  readonly mealTimes?: { readonly breakfast?: string; readonly lunch?: string; readonly dinner?: string };
  /** From `from` until before `to`; crosses midnight when `to` is the earlier one. */
  readonly quietHours?: { readonly from: string; readonly to: string };
  /** Codes of channels, the preferred one first. Empty: the deployer's choice. */
  readonly channels: readonly string[];
  readonly messageNamesMedication: boolean;
  readonly caregivers: readonly CaregiverGrant[];
}

/** What one caregiver may be told or do, since when and until when. Never removed, so that it can be shown later. */
export interface CaregiverGrant {
  readonly caregiverId: string;
  readonly scopes: readonly string[];
  readonly consentedAt: Instant;
  readonly start: Instant;
  /** From then on it no longer holds; absent: until revoked. */
  readonly end?: Instant;
  /** Final. */
  readonly revokedAt?: Instant;
}
