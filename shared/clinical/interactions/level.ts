/** How serious a finding is, the most serious first. */
export const LEVELS = ['contraindicated', 'major', 'moderate', 'minor'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * Whether the source of a statement was opened by the people who wrote the rule (`primary_read`), read through
 * somebody else's list of it (`secondary`), or written from general knowledge and not yet checked (`unverified`).
 */
export const VERIFICATIONS = ['primary_read', 'secondary', 'unverified'] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** 0 is the most serious. */
export const rankOf = (level: Level): number => LEVELS.indexOf(level);

/** Such findings stop a prescriber; all others are shown beside the prescription. */
export const isInterruptive = (level: Level): boolean => level === 'contraindicated' || level === 'major';

/** By text code units: the same on every machine, whatever its language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
