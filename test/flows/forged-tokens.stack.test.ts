import { describe, expect, it } from 'vitest';
import { FORGERIES } from '#infra/local/front/mint-token.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';

describe('a forged token, over the running stack', () => {
  const stack = useStack();
  const body = { user_id: 'flow-forged', medications: ['aspirin', 'warfarin'] };
  const submit = (token: string) => stack.call('POST', '/jobs/interaction-check', { token, body });
  const refused = { status: 401, body: { code: 'unauthorized', status: 401 } };

  it.each(FORGERIES)('%s is refused', async (forge) => {
    expect(await submit(await stack.token('patient', 'flow-forged', { forge }))).toMatchObject(refused);
  });

  it('a changed claim is refused, the unchanged token is taken', async () => {
    const token = await stack.token('patient', 'flow-stranger');
    const [header, payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'flow-forged' })).toString('base64url');
    expect(await submit([header, changed, signature].join('.'))).toMatchObject(refused);
    expect(await submit(await stack.token('patient', 'flow-forged'))).toMatchObject({ status: 202 });
  });
});
