import { S3Client } from '@aws-sdk/client-s3';
import { laptopClients } from '#infra/local/laptop-clients.ts';
import { runningStack } from '#infra/local/stack-file.ts';
import type { StackFolder } from '#infra/local/stack-folder.ts';
import { OUTPUTS } from '#infra/outputs.ts';
import { stackOutputs } from '#infra/smoke/stack-outputs.ts';
import { createPackStore, type PackStore } from './pack-store.ts';

/**
 * The packs of a stage in AWS, or of the running laptop stack when no stage is named.
 * @throws Error when that stage or stack has no bucket for reference data
 */
export async function packsOf(stage: string | undefined, laptop: StackFolder): Promise<PackStore> {
  if (stage === undefined) {
    const { awsEndpointUrl, buckets } = runningStack(laptop);
    return createPackStore(laptopClients(awsEndpointUrl).s3, buckets.reference);
  }
  const bucket = (await stackOutputs(stage)).get(OUTPUTS.referenceBucket);
  if (bucket === undefined)
    throw new Error(`Stage ${stage} has no bucket for reference data: deploy this version first.`);
  return createPackStore(new S3Client({}), bucket);
}
