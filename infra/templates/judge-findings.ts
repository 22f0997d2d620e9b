import type { Tool } from './accepted-findings.ts';

export interface Finding {
  readonly rule: string;
  /** What is wrong, in the tool's words. */
  readonly text: string;
  readonly resource: string;
}

/**
 * What is wrong with the findings of one tool about all templates: those that nobody accepts, and acceptances for which
 * nothing is found any more.
 */
export function judgeFindings(
  tool: Tool,
  findings: readonly Finding[],
  accepted: Readonly<Record<string, string>>,
): readonly string[] {
  const open = findings.filter(({ rule }) => !Object.hasOwn(accepted, rule));
  const found = new Set(findings.map(({ rule }) => rule));
  return [
    ...open.map(({ rule, text, resource }) => `${tool} ${rule} ${resource}: ${text}`),
    ...Object.keys(accepted)
      .filter((rule) => !found.has(rule))
      .map((rule) => `${tool} ${rule}: accepted, and found nowhere any more. Take it out of the list.`),
  ];
}

/**
 * @param output of `cfn-lint --format json`
 * @throws Error when it is something else
 */
export const readCfnLint = (output: string): readonly Finding[] =>
  listOf(parsed(output), 'cfn-lint').map((one) => ({
    rule: textAt(one, 'Rule', 'Id'),
    text: textAt(one, 'Message'),
    resource: listOf(at(one, 'Location', 'Path'), 'cfn-lint')
      .slice(0, 3)
      .join('/'),
  }));

/**
 * @param output of `checkov --output json` for one framework
 * @throws Error when it is something else, or when a template could not be read or nothing was looked at
 */
export function readCheckov(output: string): readonly Finding[] {
  const report = parsed(output);
  const errors = at(report, 'summary', 'parsing_errors');
  const passed = at(report, 'summary', 'passed');
  if (errors !== 0 || !(Number(passed) > 0)) throw new Error('checkov could not read the templates.');
  return listOf(at(report, 'results', 'failed_checks'), 'checkov').map((one) => ({
    rule: textAt(one, 'check_id'),
    text: textAt(one, 'check_name'),
    resource: textAt(one, 'resource'),
  }));
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch (cause) {
    throw new Error(`No report in JSON: ${output.slice(0, 200)}`, { cause });
  }
}

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, name) => Object(inner)[name], value);

const textAt = (value: unknown, ...path: string[]): string => String(at(value, ...path));

function listOf(value: unknown, tool: Tool): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`The report of ${tool} has another form than expected.`);
  return value;
}
