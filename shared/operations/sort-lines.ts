import { isOlderVersion } from '../clinical/index.ts';
import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import type { ImportLine } from '../jobs/intake/import-order.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { type ImportContent, importContent } from './import-content.ts';
import { storedConsents } from './stored-consents.ts';
import type { ImportRequest } from './submit-import.ts';

/** A line with what is to be kept of it. */
export interface SortedLine {
  readonly line: ImportLine;
  readonly content?: ImportContent;
}

/** A line that says which medication it is about. */
interface AboutMedication {
  readonly line: number;
  readonly content: ImportContent;
}

/** Whose each line is, whether the caller may speak for them, and which line about a medication counts. */
export async function sortLines(
  deps: Pick<Engine, 'refs' | 'records'>,
  { format, lines, caller }: Pick<ImportRequest, 'format' | 'lines' | 'caller'>,
  now: Instant,
): Promise<SortedLine[]> {
  const read = lines.map((raw) => ({
    line: raw.line,
    content: 'fault' in raw ? raw.fault : importContent(format, raw.value),
  }));
  const rule = ROUTE_ACCESS.submitImport;
  const refOf = deps.refs.user;
  const owners = read.flatMap(({ content }) => ('code' in content ? [] : [refOf(content.userId)]));
  const stored = await storedConsents(deps, rule, caller, owners, now);
  const about = new Map<string, AboutMedication[]>();
  const sorted = read.map(({ line, content }): SortedLine & { readonly about?: string } => {
    if ('code' in content) return { line: { line, fault: { ...content } } };
    const { userId, medicationId } = content;
    const owner = refOf(userId);
    if (!authorize(rule, caller, { userRef: owner, refOf, ...stored }).granted)
      return { line: { line, fault: { pointer: '', code: 'not_in_your_care' } } };
    if (medicationId === undefined) return { line: { line, owner }, content };
    const key = deps.refs.medication(userId, medicationId);
    about.set(key, [...(about.get(key) ?? []), { line, content }]);
    return { line: { line, owner }, content, about: key };
  });
  const counting = new Map([...about].map(([key, those]) => [key, lineThatCounts(those)]));
  return sorted.map(({ line, content, about: key }) => {
    const by = key === undefined ? undefined : counting.get(key);
    const superseded = by !== undefined && by !== line.line;
    return { line: superseded ? { ...line, superseded_by: by } : line, ...(content && { content }) };
  });
}

/**
 * The last line about a medication, but no version of an order of which a newer one is among them: an order that was stopped
 * would begin again.
 */
function lineThatCounts(those: readonly AboutMedication[]): number | undefined {
  const newest = those.filter(
    ({ content }) => !those.some((other) => isOlderVersion(content.version, other.content.version)),
  );
  return (newest.at(-1) ?? those.at(-1))?.line;
}

/** The lines as they are once it is known whose nothing is taken any more: of erased users each has the fault. */
export const withoutErased = (
  sorted: readonly SortedLine[],
  erased: ReadonlySet<string>,
): readonly SortedLine[] =>
  sorted.map((one) =>
    one.line.owner !== undefined && erased.has(one.line.owner)
      ? { line: { line: one.line.line, fault: { pointer: '', code: 'user_erased' } } }
      : one,
  );
