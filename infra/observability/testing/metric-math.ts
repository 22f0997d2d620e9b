import jsep, { type CoreExpression, type Expression } from 'jsep';

/** One value per period, oldest first; `undefined`: no datapoint. */
export type Series = readonly (number | undefined)[];

/**
 * Evaluates an expression of CloudWatch's metric math over series, period by period: numbers, ids, arithmetic, comparisons
 * and `IF`. Where an input has no datapoint there is no result, as CloudWatch has it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws Error for what it does not know: a test must not pass because of what was not evaluated
 */
export function evaluateMath(expression: string, inputs: Readonly<Record<string, Series>>): Series {
  const tree = jsep(expression);
  const length = Math.max(...Object.values(inputs).map((series) => series.length));
  return Array.from({ length }, (_, period) => resultOf(tree, (id) => at(inputs, id)[period]));
}

function at(inputs: Readonly<Record<string, Series>>, id: string): Series {
  const series = inputs[id];
  if (!series) throw new Error(`The expression reads ${id}, which is none of its metrics.`);
  return series;
}

type Read = (id: string) => number | undefined;

function resultOf(part: Expression | undefined, read: Read): number | undefined {
  // Without plugins jsep makes core expressions only; each is narrowed by its type before it is used.
  const node = part as CoreExpression | undefined;
  if (node?.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node?.type === 'Identifier') return read(node.name);
  if (node?.type === 'BinaryExpression') {
    const [left, right] = [resultOf(node.left, read), resultOf(node.right, read)];
    return left === undefined || right === undefined ? undefined : operate(node.operator, left, right);
  }
  if (node?.type === 'CallExpression' && node.callee['name'] === 'IF' && node.arguments.length === 3) {
    const [condition, yes, no] = node.arguments;
    const decided = resultOf(condition, read);
    return decided === undefined ? undefined : resultOf(decided === 0 ? no : yes, read);
  }
  throw new Error(`Not evaluated: ${JSON.stringify(node)}`);
}

function operate(operator: string | undefined, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '>=':
      return Number(left >= right);
    case '>':
      return Number(left > right);
    case '<':
      return Number(left < right);
    default:
      throw new Error(`Not evaluated: operator ${operator}`);
  }
}
