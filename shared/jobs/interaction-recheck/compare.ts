import type { JsonObject } from '../ports.ts';

/** What of a repeated check somebody has to look at. */
export interface Change {
  readonly outcome: boolean;
  readonly newlyContraindicated: boolean;
  readonly newlyMajor: boolean;
  readonly noLongerContraindicated: boolean;
  readonly noLongerMajor: boolean;
}

/**
 * Holds a repeated check against the first one. Findings are the same when they are about the same ingredients. What is gone counts like what is
 * new: somebody may have acted on it.
 */
export function compare(before: JsonObject, after: JsonObject): Change {
  // A check that could not be made says nothing about what was found.
  const isMade = after['outcome'] !== 'error';
  return {
    outcome: before['outcome'] !== after['outcome'],
    newlyContraindicated: hasMore(after, before, 'contraindicated'),
    newlyMajor: hasMore(after, before, 'major'),
    noLongerContraindicated: isMade && hasMore(before, after, 'contraindicated'),
    noLongerMajor: isMade && hasMore(before, after, 'major'),
  };
}

/** Whether a check has a finding of the level that the other one does not have at that level. */
function hasMore(check: JsonObject, other: JsonObject, level: string): boolean {
  const known = aboutAt(other, level);
  return [...aboutAt(check, level)].some((about) => !known.has(about));
}

/** What the findings of a level are about, whichever rule says so. */
function aboutAt({ findings }: JsonObject, level: string): ReadonlySet<string> {
  const list: readonly unknown[] = Array.isArray(findings) ? findings : [];
  return new Set(
    list
      .map(Object)
      .filter((finding) => finding.level === level)
      .map((finding) => `${finding.kind}:${[finding.ingredients].flat().join('+')}`),
  );
}
