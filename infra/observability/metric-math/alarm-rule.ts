import jsep, { type CoreExpression, type Expression } from 'jsep';

/** Whether an alarm is in the state ALARM, by its name in the rule. */
export type IsRinging = (alarm: string) => boolean;

const TERM = /\bALARM\((?:"([^"]+)"|([^()"]+))\)/g;

/** The alarms that a rule names, each once. */
export const alarmsOfRule = (rule: string): string[] => [
  ...new Set([...rule.matchAll(TERM)].map(([, quoted = '', plain = '']) => quoted || plain.trim())),
];

/**
 * Whether the rule of a composite alarm holds: `ALARM(name)`, `AND`, `OR`, `NOT` and parentheses.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 * @throws Error for what it does not know, such as `OK(name)`: nothing may look right because of what was not evaluated
 */
export function ruleHolds(rule: string, isRinging: IsRinging): boolean {
  const names = alarmsOfRule(rule);
  // Names are ARNs: each becomes one word, which the parser of expressions can read.
  const words = rule.replaceAll(
    TERM,
    (_, quoted = '', plain = '') => `a${names.indexOf(quoted || plain.trim())}`,
  );
  const tree = jsep(
    words
      .replaceAll(/\bAND\b/g, '&&')
      .replaceAll(/\bOR\b/g, '||')
      .replaceAll(/\bNOT\b/g, '!'),
  );
  return holds(tree, (word) => isRinging(names[Number(/^a(\d+)$/.exec(word)?.[1])] ?? unknown(word)));
}

function holds(part: Expression, isRinging: IsRinging): boolean {
  const node = part as CoreExpression; // Without plugins jsep makes core expressions only.
  if (node.type === 'Identifier') return isRinging(node.name);
  if (node.type === 'UnaryExpression' && node.operator === '!') return !holds(node.argument, isRinging);
  if (node.type === 'BinaryExpression') {
    // Both sides, so that what is not known is told whatever the other says.
    const [left, right] = [holds(node.left, isRinging), holds(node.right, isRinging)];
    if (node.operator === '&&') return left && right;
    if (node.operator === '||') return left || right;
  }
  return unknown(JSON.stringify(node));
}

function unknown(part: string): never {
  throw new Error(`Not evaluated: ${part}`);
}
