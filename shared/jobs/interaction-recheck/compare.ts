import type { JsonObject } from '../ports.ts';

/** What of a repeated check somebody has to look at. */
export interface Change {
  readonly outcome: boolean;
  readonly contraindicated: boolean;
  readonly major: boolean;
}

/** Holds a repeated check against the first one. Findings are the same when they are about the same ingredients. */
export function compare(before: JsonObject, after: JsonObject): Change {
  const isNew = (level: string): boolean => {
    const known = aboutAt(before, level);
    return [...aboutAt(after, level)].some((about) => !known.has(about));
  };
  return {
    outcome: before['outcome'] !== after['outcome'],
    contraindicated: isNew('contraindicated'),
    major: isNew('major'),
  };
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
