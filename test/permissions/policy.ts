/** A statement of a policy; resources are logical ids, as `resolve` in role-policies.ts writes them. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → condition key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** One thing that somebody wants to do. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request with their values. */
  readonly context: Readonly<Record<string, string>>;
}

/** As IAM decides: whatever is denied is refused, else what is allowed is granted, else it is refused. */
export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.length > 0 && applying.every(({ effect }) => effect === 'Allow');
}

/** Whether a statement speaks about a request. */
export const applies = (statement: Statement, request: AccessRequest): boolean =>
  statement.actions.some((pattern) => fits(pattern.toLowerCase(), request.action.toLowerCase())) &&
  statement.resources.some((pattern) => fits(pattern, request.resource)) &&
  Object.entries(statement.conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, values, request.context[key])),
  );

/** @throws Error for an operator that this does not know, because a condition that is passed over proves nothing */
function holds(operator: string, values: readonly string[], value: string | undefined): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return value !== undefined && values.includes(value);
    case 'StringLike':
    case 'ArnLike':
      return value !== undefined && values.some((pattern) => fits(pattern, value));
    case 'ForAllValues:StringLike':
      return value === undefined || values.some((pattern) => fits(pattern, value));
    case 'StringNotEquals':
    case 'ArnNotEquals':
      return value === undefined || !values.includes(value);
    case 'NumericLessThan':
      return value !== undefined && values.some((limit) => Number(value) < Number(limit));
    case 'Null':
      return values.includes(String(value === undefined));
    default:
      throw new Error(`The condition operator ${operator} is not evaluated here.`);
  }
}

/** `*` stands for any text, `?` for any one character. */
export function fits(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
