import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesiseStage } from '#infra/constructs/testing/synthesise-stage.ts';
import { alarmsOfRule } from '#infra/observability/metric-math/alarm-rule.ts';
import { transformTemplate } from '../deploy/transform.ts';
import { evaluateComposites, readComposites } from './composite-alarms.ts';

/** The composites as the deployment on a laptop leaves them. */
function composites() {
  const file = join(mkdtempSync(join(tmpdir(), 'left-out-')), 'left-out.json');
  // What CDK has made is a template of the deployment's kind.
  const { dropped } = transformTemplate(synthesiseStage('local').watch.toJSON() as never);
  writeFileSync(file, JSON.stringify(dropped));
  return readComposites(file);
}

const named = (part: string) => [...composites().keys()].find((id) => id.includes(part)) ?? '';

describe('the composite alarms on a laptop', () => {
  it('are those of the template, whose parts stand in it as well', () => {
    expect(composites().size).toBe(4);
    const alarms = synthesiseStage('local').watch.findResources('AWS::CloudWatch::Alarm');
    for (const { description, rule } of composites().values()) {
      expect(alarmsOfRule(rule).filter((part) => !(part in alarms))).toEqual([]);
      expect(description).toMatch(/^Severity: /);
    }
  });

  it('ring by their rules and the states of their parts', () => {
    const parts = (id: string) => alarmsOfRule(composites().get(id)?.rule ?? '');
    const states = (ringing: readonly string[]) =>
      evaluateComposites(composites(), (part) => (ringing.includes(part) ? 'ALARM' : 'OK'));
    const [burn, kind, api] = [named('burnfast'), named('kindfailing'), named('apifailing')];
    const [long = '', short = ''] = parts(burn);
    expect(states([long]).get(burn)?.state).toBe('OK');
    expect(states([long, short]).get(burn)?.state).toBe('ALARM');
    const [ofApi = ''] = parts(api);
    const ofKind = parts(kind).find((part) => part.includes('refillcheckmediumerrors')) ?? '';
    expect(states([ofKind]).get(kind)?.state).toBe('ALARM');
    expect(states([ofKind, ofApi]).get(kind)?.state).toBe('OK');
    expect(states([ofKind, ofApi]).get(api)?.state).toBe('ALARM');
  });

  it('go by the parts that have a state, and say by how many; without any they have none themselves', () => {
    const [api, kind] = [named('apifailing'), named('kindfailing')];
    const measured = evaluateComposites(composites(), (part) =>
      part.startsWith('WatchKinds') ? 'OK' : undefined,
    );
    expect(measured.has(api)).toBe(false);
    const { state, parts = { known: 0, all: 0 } } = measured.get(kind) ?? {};
    expect(state).toBe('OK');
    expect(parts.all - parts.known).toBe(7);
  });

  it('are none before the first deployment', () => {
    expect(readComposites(join(tmpdir(), 'no', 'such', 'file.json')).size).toBe(0);
  });
});
