import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

describe.each(Object.keys(STAGES) as StageName[])('what the stacks of %s leave behind', (stage) => {
  /** Types of a template's resources by what becomes of them when they are deleted. */
  const fates = () => {
    const { data, service, watch } = synthesiseStage(stage);
    const templates = [data, service, watch].map((template) => template.toJSON()['Resources']);
    const all = templates.flatMap((resources) =>
      Object.values<{ Type: string; DeletionPolicy?: string }>(resources),
    );
    const of = (fate: string) =>
      [
        ...new Set(all.filter(({ DeletionPolicy }) => DeletionPolicy === fate).map(({ Type }) => Type)),
      ].sort();
    return { kept: of('Retain'), keptOnceInUse: of('RetainExceptOnCreate'), deleted: of('Delete') };
  };
  const stores = ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket'];
  const protectedStores = ['AWS::Cognito::UserPool', 'AWS::DynamoDB::Table'];
  /** What is locked cannot be deleted: the buckets of backups and of the sealed audit trail, and their policies with them. */
  const sealed = ['AWS::S3::Bucket'];
  const account = ['AWS::ApiGateway::Account', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'];
  /** A vault with backups in it cannot be deleted. */
  const vault = 'AWS::Backup::BackupVault';

  it('a failed first deployment leaves nothing in the way of the next, a deleted stage keeps its data', () => {
    if (stage === 'prod')
      expect(fates()).toMatchObject({
        kept: [...account, ...protectedStores, ...sealed, vault].sort(),
        keptOnceInUse: stores,
      });
    else {
      expect(fates().keptOnceInUse).toEqual([]);
      expect(fates().kept).toEqual(stage === 'local' ? [] : [...account, ...sealed, vault].sort());
      expect(fates().deleted).toEqual(expect.arrayContaining([...stores, ...protectedStores]));
    }
  });

  it('buckets are emptied where they are to be deleted on AWS', () => {
    const emptied = Object.values(synthesiseStage(stage).data.findResources('Custom::S3AutoDeleteObjects'));
    expect(emptied).toHaveLength(stage === 'dev' ? 3 : 0);
  });
});
