import type { JsonObject, PastCheck, RecallQuery } from '../ports.ts';

/**
 * Whether a check is among what a query finds, as far as its result shows it: rules of findings that are hidden from the result are
 * not seen here. It is asked of checks that ended before another one that was found, so only the begin of the time counts.
 */
export function isFoundBy({ rule, dataSet, from }: RecallQuery, past: PastCheck): boolean {
  if ('gone' in past) return false;
  return (
    (from === undefined || past.createdAt >= from) &&
    (dataSet === undefined || dataSetsIn(past.result).includes(dataSet)) &&
    (rule === undefined || rulesIn(past.result).has(rule))
  );
}

/** `<id>@<version>`; none where the check could not be made. */
export function dataSetsIn({ data_set: dataSet }: JsonObject): readonly string[] {
  const { id, version } = Object(dataSet);
  return typeof id === 'string' ? [`${id}@${version}`] : [];
}

function rulesIn({ findings }: JsonObject): ReadonlySet<unknown> {
  const list: readonly unknown[] = Array.isArray(findings) ? findings : [];
  return new Set(
    list
      .map(Object)
      .flatMap(({ rule_id, other_rules }) => [
        rule_id,
        ...[other_rules ?? []].flat().map((other) => Object(other).rule_id),
      ]),
  );
}
