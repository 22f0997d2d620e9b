import { createHash } from 'node:crypto';

/** What of a template is looked at. */
export interface WatchedTemplate {
  readonly Resources?: Readonly<Record<string, Definition>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

interface Definition {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Changed by nearly every deployment, and never a reason to replace a function. */
const NEVER_REPLACES: readonly string[] = ['Code', 'Environment'];

/**
 * A short hash of the definitions of all that a template reads from the outputs of others: nothing of that can get another
 * name without another hash.
 * @param producers templates by the names of their stacks
 * @throws Error when an output is read that no stack has
 */
export function hashOfWatched(
  watching: WatchedTemplate,
  producers: ReadonlyMap<string, WatchedTemplate>,
): string {
  const read = new Map<string, unknown>();
  for (const { OutputName, StackName } of outputsReadBy(watching)) {
    const producer = producers.get(StackName);
    const output = producer?.Outputs?.[OutputName];
    if (!output) throw new Error(`${StackName} has no output ${OutputName}.`);
    for (const id of idsIn(output.Value))
      read.set(`${StackName}/${id}`, definitionOf(producer?.Resources?.[id]));
  }
  const all = [...read].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 12);
}

function definitionOf(resource: Definition | undefined): unknown {
  const { Properties = {}, Type } = resource ?? { Type: '' };
  return [Type, Object.entries(Properties).filter(([name]) => !NEVER_REPLACES.includes(name))];
}

function outputsReadBy(value: unknown): { readonly StackName: string; readonly OutputName: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { 'Fn::GetStackOutput': asked } = Object(value);
  if (asked !== undefined)
    return [{ StackName: String(Object(asked).StackName), OutputName: String(Object(asked).OutputName) }];
  return Object.values(value).flatMap(outputsReadBy);
}

/** Logical ids that a value refers to. */
function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute } = Object(value);
  if (typeof Ref === 'string') return [Ref];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  return Object.values(value).flatMap(idsIn);
}
