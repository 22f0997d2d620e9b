import { isObject, type Template } from './template.ts';

/** Outputs of the stacks deployed so far, by stack and by name. */
export type StackOutputs = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The template with every `Fn::GetStackOutput` filled in, which the emulator does not know.
 * @throws Error that names the output which no stack before this one has
 */
export function withStackOutputs(template: Template, outputs: StackOutputs): Template {
  const filled = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(filled);
    if (!isObject(part)) return part;
    const asked = part['Fn::GetStackOutput'];
    if (isObject(asked)) return outputOf(asked, outputs);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, filled(value)]));
  };
  // The shape is the same: only references have become text.
  return filled(template) as Template;
}

function outputOf(asked: Readonly<Record<string, unknown>>, outputs: StackOutputs): string {
  const { StackName: stack, OutputName: name } = asked;
  const value = outputs.get(String(stack))?.[String(name)];
  if (value === undefined) throw new Error(`The stack ${stack} has no output ${name}.`);
  return value;
}
