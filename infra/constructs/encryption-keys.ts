import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { SIGNERS, signerRoleName } from './function-role.ts';
import { removalOf } from './removal.ts';

/** The encryption context under which adapters ask for data keys: of fields, of keyed hashes, of the audit trail's pseudonyms. */
export const FIELD_KEY_PURPOSES = ['field', 'hash', 'audit-hash'] as const;

/**
 * Six keys, because six groups of principals use them: `data` for what AWS services store (tables, queues, the topic of
 * reminders, buckets, bus), `fields` for the data keys that functions unwrap themselves, `logs` for log groups,
 * `seal` for signing the audit trail and `backup` for signing backups, whose private halves never leave KMS, and `alarms`
 * for the topic of alarms: an alarm about one of the others must not need it to be told.
 */
export class EncryptionKeys extends Construct {
  readonly data: Key;
  readonly fields: Key;
  readonly logs: Key;
  readonly seal: Key;
  readonly backup: Key;
  readonly alarms: Key;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const make = (name: string, description: string) =>
      new Key(this, name, {
        alias: `medication-jobs/${stage.name}/${name.toLowerCase()}`,
        description: `Medication Jobs ${stage.name}: ${description}`,
        enableKeyRotation: true,
        removalPolicy: removalOf(stage),
      });
    this.data = make('Data', 'tables, queues, topics, buckets and the event bus');
    this.fields = make('Fields', 'data keys of encrypted fields and keyed hashes');
    this.logs = make('Logs', 'log groups');
    this.alarms = make('Alarms', 'the topic of alarms');
    const makeSigning = (name: string, description: string) =>
      new Key(this, name, {
        alias: `medication-jobs/${stage.name}/${name.toLowerCase()}`,
        description: `Medication Jobs ${stage.name}: ${description}`,
        keySpec: KeySpec.ECC_NIST_P256,
        keyUsage: KeyUsage.SIGN_VERIFY,
        removalPolicy: removalOf(stage),
      });
    this.seal = makeSigning('Seal', 'signs the audit trail');
    this.backup = makeSigning('Backup', 'signs backups');
    this.#letEventsUseData();
    this.#letAlarmsUseAlarms();
    if (stage.alarmEmail) this.#letUndeliveredAlarmsRest();
    this.#demandPurpose();
    this.#letLogsUseLogs();
    this.#keepToItsSigner(this.seal, stage, SIGNERS.seal);
    this.#keepToItsSigner(this.backup, stage, SIGNERS.backup);
  }

  /** By the name under which people know each. */
  get byName(): Readonly<Record<string, Key>> {
    const { data, fields, logs, seal, backup, alarms } = this;
    return { data, fields, logs, seal, backup, alarms };
  }

  /** Without this an alarm that meets the encrypted topic vanishes without a trace. */
  #letAlarmsUseAlarms(): void {
    this.alarms.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsToEncryptedTopic',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        // As AWS's own recipe has it, without a condition: if CloudWatch's call lacked the context that a condition asks
        // for, every alarm would be lost silently. Whose alarms are taken is said by the topic's policy.
        // https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
      }),
    );
  }

  /** And for an alarm that mail does not take, on its way to the encrypted queue of lost events. */
  #letUndeliveredAlarmsRest(): void {
    this.data.addToResourcePolicy(
      new PolicyStatement({
        sid: 'UndeliveredAlarms',
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }

  /** The same holds for an event and the encrypted bus. */
  #letEventsUseData(): void {
    this.data.addToResourcePolicy(
      new PolicyStatement({
        // Events on the encrypted bus, and events that could not be delivered on their way to the encrypted queue. There the account
        // is what can be asked for: the CDK binds keys of queues that rules send to by the same condition (`eventsTargetQueueSameAccount`);
        // of which rule or bus they are is asked by the policy of the queue.
        sid: 'EventBusAndLostEvents',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:DescribeKey', 'kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }

  /**
   * Nobody, not even an administrator, uses the field key without saying what for, and for nothing else than what it is
   * there for: the purpose stands in CloudTrail.
   */
  #demandPurpose(): void {
    const deny = (sid: string, conditions: object) =>
      this.fields.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: [
            'kms:Encrypt',
            'kms:Decrypt',
            'kms:GenerateDataKey',
            'kms:GenerateDataKeyWithoutPlaintext',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
          ],
          resources: ['*'],
          conditions: { ...conditions },
        }),
      );
    deny('PurposeDemanded', { Null: { 'kms:EncryptionContext:purpose': 'true' } });
    deny('PurposeKnown', {
      StringNotEquals: { 'kms:EncryptionContext:purpose': [...FIELD_KEY_PURPOSES] },
    });
  }

  /** Nobody else signs, whatever rights they have over the account: they would have to change this policy or that role first. */
  #keepToItsSigner(key: Key, stage: Stage, signer: string): void {
    const { account, partition } = Stack.of(this);
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'SignedByOneFunction',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:Sign'],
        resources: ['*'],
        conditions: {
          ArnNotEquals: {
            'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/${signerRoleName(stage, signer)}`,
          },
        },
      }),
    );
  }

  #letLogsUseLogs(): void {
    const { account, region, partition } = Stack.of(this);
    this.logs.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogGroups',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    );
  }
}
