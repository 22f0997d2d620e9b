import { AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { readBackupEngine } from './backup-context.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { functionId } from './outputs.ts';
import { readStage } from './stage-context.ts';
import { STAGES } from './stages.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const NATIVE = { backupEngine: 'native' };
const EXPORTING = [
  'dynamodb:DescribeExport',
  'dynamodb:ExportTableToPointInTime',
  's3:AbortMultipartUpload',
  's3:PutObjectAcl',
];

const logicalPrefix = (priority: Priority) =>
  `Functions${functionId('worker', priority).replaceAll('-', '')}`;

/** Every statement that allows something of an export, with whose it is. */
const exporting = (more: Readonly<Record<string, unknown>>) =>
  Object.entries(synthesiseStage('dev', more).service.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ([id, { Properties }]) =>
      (Properties.PolicyDocument.Statement as Statement[])
        .filter(({ Action }) => [Action].flat().some((action) => EXPORTING.includes(action)))
        .map((statement) => ({ id, ...statement })),
  );

const variableOf = (more: Readonly<Record<string, unknown>>, priority: Priority): unknown =>
  Object.entries(synthesiseStage('dev', more).service.findResources('AWS::Lambda::Function'))
    .filter(([id]) => id.startsWith(`${logicalPrefix(priority)}Function`))
    .map(([, { Properties }]) => Properties.Environment.Variables.BACKUP_EXPORTS)[0];

// Each setting is synthesised once, by the first test that looks at it.
describe('who reads the tables for full backups', { timeout: 60_000 }, () => {
  it('is the product itself unless the deployer says otherwise', () => {
    for (const value of [undefined, '', 'own']) expect(readBackupEngine(value, STAGES.prod)).toBe('own');
    expect(readBackupEngine('native', STAGES.prod)).toBe('native');
    expect(readStage((key) => ({ stage: 'dev', ...NATIVE })[key]).stage.backupEngine).toBe('native');
  });

  it.each([
    ['Native', STAGES.prod, 'neither own nor native'],
    [true, STAGES.prod, 'neither own nor native'],
    ['native', STAGES.local, 'writes nothing when it exports'],
    ['native', { ...STAGES.dev, pointInTimeRecovery: false }, 'needs point-in-time recovery'],
  ])('is not %j where that cannot be', (value, stage, text) => {
    expect(() => readBackupEngine(value, stage)).toThrow(text);
  });

  it('by default, nobody has any right to export a table', () => {
    expect(exporting({})).toEqual([]);
    for (const priority of PRIORITY_NAMES) expect(variableOf({}, priority)).toBe('');
  });

  it('when it is DynamoDB, the worker that runs backups may have it export these two tables into that bucket', () => {
    const allowed = exporting(NATIVE);
    expect(allowed.every(({ id }) => id.startsWith(logicalPrefix('LOW')))).toBe(true);
    const onWhat = (action: string) =>
      allowed
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Resource }) => [Resource].flat())
        .map((resource) => JSON.stringify(resource));
    const tables = [/TablesJobsTable\w+Arn/, /TablesRecordsTable\w+Arn/].map((name) =>
      expect.stringMatching(name),
    );
    expect(onWhat('dynamodb:ExportTableToPointInTime')).toEqual(tables);
    const exports = onWhat('dynamodb:DescribeExport');
    expect(exports).toEqual(tables);
    for (const one of exports) expect(one).toContain('/export/*');
    for (const action of ['s3:AbortMultipartUpload', 's3:PutObjectAcl'])
      expect(onWhat(action)).toEqual([expect.stringMatching(/BucketsBackup\w+Arn.*\/\*/)]);
  });

  it('when it is DynamoDB, that worker knows the tables and the key of the bucket, and no other does', () => {
    for (const priority of PRIORITY_NAMES) {
      const text = JSON.stringify(variableOf(NATIVE, priority));
      if (priority === 'LOW')
        expect(text).toMatch(/jobs.*TablesJobsTable\w+Arn.*records.*TablesRecordsTable\w+Arn.*key.*KeysData/);
      else expect(text).toBe('""');
    }
  });

  it('when it is DynamoDB, the rule packs find nothing more', () => {
    const { app } = synthesiseStage('dev', NATIVE);
    for (const Pack of [AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks])
      expect(new Pack(app).validateScope(app).violations).toEqual([]);
  });
});
