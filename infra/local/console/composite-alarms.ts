import { existsSync, readFileSync } from 'node:fs';
import { alarmsOfRule, ruleHolds } from '#infra/observability/metric-math/alarm-rule.ts';
import { isObject } from '../deploy/template.ts';
import type { Dropped } from '../deploy/transform.ts';
import type { EvaluatedAlarm } from './left-out-alarms.ts';

/** A composite alarm whose rule names its parts by their logical ids. */
export interface CompositeAlarm {
  readonly rule: string;
  readonly description: string;
}

/** The composite alarms, which the emulator does not know and the deployment has left out, by their logical ids. */
export function readComposites(file: string): ReadonlyMap<string, CompositeAlarm> {
  const dropped: readonly Dropped[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return new Map(
    dropped.flatMap(({ logicalId, properties, type }) => {
      const rule = type === 'AWS::CloudWatch::CompositeAlarm' ? textOf(properties?.['AlarmRule']) : undefined;
      return rule === undefined
        ? []
        : [[logicalId, { rule, description: textOf(properties?.['AlarmDescription']) ?? '' }] as const];
    }),
  );
}

/** A text of a template in which ARNs of its own resources stand as their logical ids; nothing for anything else. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const { 'Fn::GetAtt': attribute, 'Fn::Join': join } = value;
  if (Array.isArray(attribute) && attribute[1] === 'Arn') return String(attribute[0]);
  if (!Array.isArray(join) || !Array.isArray(join[1])) return undefined;
  const parts: (string | undefined)[] = join[1].map(textOf);
  return parts.includes(undefined) ? undefined : parts.join(String(join[0]));
}

export interface EvaluatedComposite extends EvaluatedAlarm {
  /** How many of its parts have a state here, and how many it has. */
  readonly parts: { readonly known: number; readonly all: number };
}

/**
 * The states that follow from the rules and from the states of the parts. A part that is not evaluated here counts as one
 * that does not ring; where that is every part, nothing is known of the whole.
 * @param stateOf the state of a part by its logical id
 */
export const evaluateComposites = (
  composites: ReadonlyMap<string, CompositeAlarm>,
  stateOf: (logicalId: string) => string | undefined,
): ReadonlyMap<string, EvaluatedComposite> =>
  new Map(
    [...composites].flatMap(([logicalId, { rule, description }]) => {
      const all = alarmsOfRule(rule);
      const known = all.filter((part) => stateOf(part) !== undefined);
      if (known.length === 0) return [];
      const state = ruleHolds(rule, (part) => stateOf(part) === 'ALARM') ? 'ALARM' : 'OK';
      return [[logicalId, { state, description, parts: { known: known.length, all: all.length } }] as const];
    }),
  );
