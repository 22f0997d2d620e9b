import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { synthesiseStage } from '#infra/constructs/testing/synthesise-stage.ts';
import { recordedAwsCalls, startRecordingAwsCalls } from '#infra/local/hooks/laptop-hooks.ts';
import type { AwsCall } from '#infra/local/hooks/record-aws-calls.ts';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { bringUp } from '#infra/local/stack-lifecycle.ts';
import { stopSupervisor } from '#infra/local/supervision.ts';
import { stackIn } from '#infra/local/testing/use-stack.ts';
import { FUNCTION_VARIABLES, type FunctionName } from '#shared/contract/functions.ts';
import { idsOf, requestsByLambda, requestsOf } from './access-requests.ts';
import { type DeployedPolicies, deployedPolicies } from './deployed-policies.ts';
import { type AccessRequest, isAllowed, type Statement } from './policy.ts';
import { SPARE_RIGHTS } from './spare-rights.ts';
import { tour } from './tour/tour.ts';
import { unusedRights } from './unused-rights.ts';

/** One deployed function with what production lets it do and what it was seen doing. */
interface Seen {
  readonly id: string;
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly calls: readonly AwsCall[];
  readonly requests: readonly AccessRequest[];
}

// No emulator enforces IAM. So the calls that functions make on the laptop are held against the policies of production.
describe('the roles of prod', () => {
  // A stack of its own: the tour moves its clock by weeks, and what others left there would all become due on the way.
  const folder = stackFolder(join(inject('laptopFolder'), 'permissions'));
  const seen: Seen[] = [];
  let deployed: DeployedPolicies;

  beforeAll(async () => {
    const { data, service } = synthesiseStage('prod');
    deployed = deployedPolicies(data, service);
    // Not on the emulator of the tests' own stack, which their setup names.
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    // Before the first function starts: what an environment reads once and keeps is seen only then.
    startRecordingAwsCalls(folder.hooks);
    await bringUp(folder, { attached: true, emulatorPort: 0, frontPort: 0 }, () => undefined);
    const stack = stackIn(folder);
    await tour(stack);
    const calls = recordedAwsCalls(stack.stack.hooksDir);
    const id = idsOf(stack.stack, deployed.resources);
    for (const [name, physical] of Object.entries(stack.stack.functions)) {
      const own = calls.filter(({ by }) => by === physical);
      const logical = id(physical);
      seen.push({
        id: logical,
        name,
        statements: deployed.roles.get(logical) ?? [],
        calls: own,
        requests: [
          ...own.flatMap((call) => requestsOf(call, id, deployed.keys)),
          ...requestsByLambda(logical, deployed),
        ].map((request) => ({
          ...request,
          context: { ...request.context, 'aws:PrincipalArn': deployed.principals.get(logical) ?? '' },
        })),
      });
    }
  }, 600_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stopSupervisor(folder);
  });

  it('belong to functions that were all seen at work', () => {
    expect([...deployed.roles.keys()].sort()).toEqual(seen.map(({ id }) => id).sort());
    expect(seen.filter(({ calls }) => calls.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('allow every call that their function makes', () => {
    const refused = seen.flatMap(({ name, statements, requests }) =>
      requests
        .filter((request) => !isAllowed([...statements, ...deployed.denials], request))
        .map(({ action, resource }) => `${name}: ${action} on ${resource}`),
    );
    expect([...new Set(refused)]).toEqual([]);
  });

  // Functions that are deployed several times have their rights together: a kind or a priority more is no new design.
  it.each(Object.keys(FUNCTION_VARIABLES) as FunctionName[])(
    'allow %s nothing that it never does',
    (name) => {
      const own = seen.filter((one) => one.name.split('/')[0] === name);
      const spare = SPARE_RIGHTS.filter(({ functions }) => functions.includes(name));
      const unused = unusedRights(
        own.flatMap(({ statements }) => statements),
        own.flatMap(({ requests }) => requests),
      );
      expect(unused.filter((right) => !spare.some((one) => one.right.test(right)))).toEqual([]);
    },
  );
});
