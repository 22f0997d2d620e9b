import { type AccessRequest, applies, fits, type Statement } from './policy.ts';

/** Services whose permissions are ours to give; logs and traces are written by Lambda itself. */
const OURS = /^(dynamodb|sqs|sns|events|s3|kms|lambda):/;

/** Reading by key is one permission, whether it is asked for one item or for several. */
const ALIKE: Readonly<Record<string, string>> = { 'dynamodb:BatchGetItem': 'dynamodb:GetItem' };

/**
 * What the statements allow and none of the requests needs, one text each: an action on a resource, or a value of a
 * condition under which a resource may be used.
 */
export function unusedRights(
  statements: readonly Statement[],
  requests: readonly AccessRequest[],
): readonly string[] {
  const alike = requests.map((request) => ({ ...request, action: ALIKE[request.action] ?? request.action }));
  const unused = statements
    .filter(({ effect, actions }) => effect === 'Allow' && actions.some((action) => OURS.test(action)))
    .flatMap((statement) =>
      statement.resources.flatMap((resource) => {
        const users = alike.filter((request) => applies({ ...statement, resources: [resource] }, request));
        return [
          ...statement.actions
            .map((action) => ALIKE[action] ?? action)
            .filter((action) => !users.some((request) => request.action === action))
            .map((action) => `${action} on ${resource}`),
          // That a key must be there, or not, is no value under which anything may be used.
          ...Object.entries(statement.conditions).flatMap(([operator, keys]) =>
            Object.entries(operator === 'Null' ? {} : keys).flatMap(([key, values]) =>
              values
                .filter((value) => !users.some(({ context }) => fits(value, context[key] ?? '')))
                .map((value) => `${resource} with ${key} ${value}`),
            ),
          ),
        ];
      }),
    );
  return [...new Set(unused)];
}
