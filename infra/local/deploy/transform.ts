import { isObject, type Resource, type Template } from './template.ts';

export interface Dropped {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

/** Stands before the logical id of what was left out, where something else names it. */
export const LEFT_OUT = 'dropped-on-the-laptop:';

/** Types that the emulator's CloudFormation refuses, taking the whole stack down with them. */
const REFUSED_TYPES: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::AnomalyDetector',
  'AWS::CloudWatch::InsightRule',
  'AWS::Logs::QueryDefinition',
  'AWS::WAFv2::WebACLAssociation',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::CloudTrail::Trail',
  'AWS::Backup::BackupSelection',
  'AWS::Events::EventBusPolicy',
  'AWS::Cognito::UserPoolUser',
  'AWS::Cognito::UserPoolUserToGroupAttachment',
]);

function refusal({ Type, Properties }: Resource): string | undefined {
  if (REFUSED_TYPES.has(Type)) return 'type unknown to the emulator';
  if (Type === 'AWS::CloudWatch::Alarm' && Properties?.['Metrics'] !== undefined)
    return 'alarm with metric math';
  return undefined;
}

/**
 * The template that the emulator takes: what it refuses is left out, together with every mention of it. Nothing else
 * is changed, so what is tried on a laptop is what the template says.
 */
export function transformTemplate(template: Template): {
  readonly template: Template;
  readonly dropped: readonly Dropped[];
} {
  const dropped = Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    const reason = refusal(resource);
    return reason === undefined ? [] : [{ logicalId, type: resource.Type, reason }];
  });
  const gone = new Set(dropped.map(({ logicalId }) => logicalId));
  if (gone.size === 0) return { template, dropped };

  const resources = Object.entries(template.Resources)
    .filter(([logicalId]) => !gone.has(logicalId))
    .map(([logicalId, resource]) => [logicalId, withoutMentions(withoutDependencies(resource, gone), gone)]);
  const outputs = Object.entries(template.Outputs ?? {}).filter(([, output]) => !mentions(output, gone));
  return {
    template: { ...template, Resources: Object.fromEntries(resources), Outputs: Object.fromEntries(outputs) },
    dropped,
  };
}

function withoutDependencies(resource: Resource, gone: ReadonlySet<string>): Resource {
  const { DependsOn: all, ...rest } = resource;
  const kept = (typeof all === 'string' ? [all] : (all ?? [])).filter((logicalId) => !gone.has(logicalId));
  return kept.length === 0 ? rest : { ...rest, DependsOn: kept };
}

/** The logical id that a `Ref` or `Fn::GetAtt` names, if the value is one. */
function target(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const getAtt = value['Fn::GetAtt'];
  const named = value['Ref'] ?? (Array.isArray(getAtt) ? getAtt[0] : getAtt);
  return typeof named === 'string' ? named.split('.')[0] : undefined;
}

const mentions = (value: unknown, gone: ReadonlySet<string>): boolean =>
  gone.has(target(value) ?? '') ||
  (Array.isArray(value) && value.some((item) => mentions(item, gone))) ||
  (isObject(value) && Object.values(value).some((item) => mentions(item, gone)));

/** A dashboard, for instance, names alarms by ARN: the name of what is missing stands there instead. */
function withoutMentions<T>(value: T, gone: ReadonlySet<string>): T {
  const replaced = (part: unknown): unknown => {
    const named = target(part);
    if (named !== undefined && gone.has(named)) return `${LEFT_OUT}${named}`;
    if (Array.isArray(part)) return part.map(replaced);
    if (isObject(part))
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, replaced(item)]));
    return part;
  };
  // The shape is the same: only references have become text.
  return replaced(value) as T;
}
