import jsep, { type CoreExpression, type Expression } from 'jsep';

/** One value per period, oldest first; `undefined`: no datapoint. */
export type Series = readonly (number | undefined)[];

/** A metric or an expression is one series, a search is many. */
export type Input = Series | readonly Series[];

/**
 * Evaluates an expression of CloudWatch's metric math over series, period by period: numbers, ids, arithmetic, comparisons,
 * `IF`, `SUM` of a search or of a list, and `MAX` of a list. Where an input has no datapoint there is no result, as CloudWatch has it; `SUM` and `MAX` go by
 * those that have one.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws Error for what it does not know: nothing may look right because of what was not evaluated
 */
export function evaluateMath(expression: string, inputs: Readonly<Record<string, Input>>): Series {
  const tree = jsep(expression);
  const length = Math.max(
    0,
    ...Object.values(inputs)
      .flatMap(seriesOf)
      .map((series) => series.length),
  );
  // Also without any data: what it does not know must be told on a quiet day, too.
  const results = Array.from({ length: Math.max(1, length) }, (_, period) =>
    resultOf(tree, { inputs, period }),
  );
  return results.slice(0, length);
}

/** Ids that an expression reads: they begin with a small letter, functions with a capital. */
export const idsOf = (expression: string): string[] => [...new Set(expression.match(/\b[a-z]\w*/g))];

interface At {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly period: number;
}

const isMany = (input: Input): input is readonly Series[] => Array.isArray(input[0]) || input.length === 0;

const seriesOf = (input: Input): readonly Series[] => (isMany(input) ? input : [input]);

function inputOf({ inputs }: At, id: string): Input {
  const input = inputs[id];
  if (!input) throw new Error(`The expression reads ${id}, which is none of its metrics.`);
  return input;
}

function numberOf(at: At, id: string): number | undefined {
  const input = inputOf(at, id);
  if (!isMany(input)) return input[at.period];
  // No datapoint at all: an empty series reads like an empty search.
  if (input.length === 0) return undefined;
  throw new Error(`Not evaluated: ${id} is a search, of which only SUM makes one series.`);
}

function searched(at: At, id: string): Series {
  const input = inputOf(at, id);
  if (!isMany(input)) throw new Error(`Not evaluated: SUM of ${id}, which is no search.`);
  return input.map((series) => series[at.period]);
}

function sumOfThose(all: Series): number | undefined {
  const values = all.filter((value) => value !== undefined);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

function largestOfThose(all: Series): number | undefined {
  const values = all.filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.max(...values);
}

const OPERATORS: ReadonlyMap<string, (left: number, right: number) => number | undefined> = new Map([
  ['+', (left: number, right: number) => left + right],
  ['-', (left: number, right: number) => left - right],
  ['*', (left: number, right: number) => left * right],
  ['/', (left: number, right: number) => (right === 0 ? undefined : left / right)],
  ['>=', (left: number, right: number) => Number(left >= right)],
  ['>', (left: number, right: number) => Number(left > right)],
  ['<', (left: number, right: number) => Number(left < right)],
]);

function resultOf(part: Expression | undefined, at: At): number | undefined {
  // Without plugins jsep makes core expressions only; each is narrowed by its type before it is used.
  const node = part as CoreExpression | undefined;
  if (node?.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node?.type === 'Identifier') return numberOf(at, node.name);
  if (node?.type === 'BinaryExpression') {
    const operate = OPERATORS.get(node.operator);
    if (!operate) throw new Error(`Not evaluated: operator ${node.operator}.`);
    const [left, right] = [resultOf(node.left, at), resultOf(node.right, at)];
    return left === undefined || right === undefined ? undefined : operate(left, right);
  }
  if (node?.type === 'CallExpression') return called(String(node.callee['name']), node.arguments, at);
  throw new Error(`Not evaluated: ${JSON.stringify(node)}`);
}

function called(name: string, parts: readonly Expression[], at: At): number | undefined {
  const [first, yes, no] = parts;
  if (name === 'IF' && parts.length === 3) {
    const decided = resultOf(first, at);
    return decided === undefined ? undefined : resultOf(decided === 0 ? no : yes, at);
  }
  if (name === 'SUM' && parts.length === 1 && first?.type === 'Identifier')
    return sumOfThose(searched(at, String(first['name'])));
  const list = parts.length === 1 ? (first as CoreExpression) : undefined; // As above.
  const together = name === 'SUM' ? sumOfThose : name === 'MAX' ? largestOfThose : undefined;
  if (together && list?.type === 'ArrayExpression')
    return together(list.elements.map((element) => resultOf(element ?? undefined, at)));
  throw new Error(`Not evaluated: ${name} of ${parts.length}.`);
}
