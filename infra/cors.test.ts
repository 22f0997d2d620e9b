import { describe, expect, it } from 'vitest';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';
import { ROUTES } from '#shared/contract/routes.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { readOrigins } from './cors-context.ts';

const NAMED = 'https://app.example.org, https://admin.example.org:8443';

const originsOf = (more: Readonly<Record<string, unknown>>) =>
  Object.values(synthesiseStage('dev', more).service.findResources('AWS::Lambda::Function')).flatMap(
    ({ Properties }) => {
      const { CORS_ORIGINS: origins } = Properties.Environment.Variables;
      return origins === undefined ? [] : [origins];
    },
  );

describe('origins whose pages may read answers', () => {
  it('are none unless the deployer names them', () => {
    expect(readOrigins(undefined)).toEqual([]);
    expect(readOrigins('')).toEqual([]);
    expect(new Set(originsOf({}))).toEqual(new Set(['']));
  });

  it('are known to every function that answers requests', () => {
    const origins = originsOf({ corsOrigins: NAMED });
    expect(new Set(origins)).toEqual(new Set(['https://app.example.org,https://admin.example.org:8443']));
    const families = new Set(Object.values(ROUTES).map(({ family }) => `${family}-api`));
    for (const name of [...families, 'submit-job', 'not-found'])
      expect([name, FUNCTION_VARIABLES[name as keyof typeof FUNCTION_VARIABLES]]).toEqual([
        name,
        expect.arrayContaining(['CORS_ORIGINS']),
      ]);
  });

  /** What the answers that no function makes say of origins: API Gateway's and the firewall's. */
  const saidBefore = (corsOrigins?: string) => {
    const { service } = synthesiseStage('dev', corsOrigins === undefined ? {} : { corsOrigins });
    const own = Object.values(service.findResources('AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties }) =>
        Properties.ResponseParameters['gatewayresponse.header.access-control-allow-origin'] ?? 'nothing',
    );
    const rules = Object.values(service.findResources('AWS::WAFv2::WebACL')).flatMap(
      ({ Properties }) => Properties.Rules as { Action?: { Block?: object } }[],
    );
    const blocks = rules.flatMap(({ Action }) => (Action?.Block ? [JSON.stringify(Action.Block)] : []));
    return {
      gateway: [...new Set(own)],
      firewall: blocks.map(
        (block) =>
          /"access-control-allow-origin","Value":"([^"]*)"/i.exec(block)?.[1] ??
          (block.includes('access-control') ? block : 'nothing'),
      ),
    };
  };

  it('are named by the answers that no function makes, too; several only as any, and none not at all', () => {
    expect(saidBefore()).toEqual({ gateway: ['nothing'], firewall: ['nothing', 'nothing'] });
    const one = 'https://app.example.org';
    expect(saidBefore(one)).toEqual({ gateway: [`'${one}'`], firewall: [one, one] });
    expect(saidBefore(NAMED)).toEqual({ gateway: ["'*'"], firewall: ['*', '*'] });
  });

  it.each([
    ['*', /Origin 1 .* is a wildcard/],
    ['https://app.example.org,https://*.example.org', /Origin 2 .* is a wildcard/],
    ['http://app.example.org', /does not begin with https/],
    ['null', /does not begin with https/],
    ['https://app.example.org/', /is none as browsers send it/],
    ['https://app.example.org/page', /is none as browsers send it/],
    ['https://user@app.example.org', /is none as browsers send it/],
    ['https://APP.example.org', /is none as browsers send it/],
    ['https://app.example.org:443', /is none as browsers send it/],
    ['https://', /is none as browsers send it/],
    ['https://a.example.org,https://a.example.org', /was named before/],
    [Array.from({ length: 11 }, (_, index) => `https://a${index}.example.org`).join(), /more than 10/],
    [['https://app.example.org'], /is not a text/],
  ])('%s is refused with its place and the reason', (value, reason) => {
    expect(() => readOrigins(value)).toThrow(reason);
  });
});
