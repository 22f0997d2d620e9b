import { existsSync, readFileSync } from 'node:fs';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { LaptopClients } from '../laptop-clients.ts';
import type { Asset } from './assembly.ts';
import type { Template } from './template.ts';
import { zipFolder } from './zip.ts';

/** Puts every asset where the templates look for it, in buckets made for the purpose. */
export async function uploadAssets(
  { s3 }: Pick<LaptopClients, 's3'>,
  assets: readonly Asset[],
): Promise<void> {
  // One function's bundle is deployed several times; it is uploaded once.
  const distinct = [...new Map(assets.map((asset) => [`${asset.bucket}/${asset.key}`, asset])).values()];
  for (const bucket of new Set(distinct.map((asset) => asset.bucket))) await ensureBucket(s3, bucket);
  await Promise.all(
    distinct.map(({ source, packaging, bucket, key }) => {
      if (!existsSync(source)) throw new Error(`The assembly names ${source}, but there is no such file.`);
      const body = packaging === 'zip' ? zipFolder(source) : readFileSync(source);
      return s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    }),
  );
}

const TEMPLATES_BUCKET = 'laptop-templates';

/** Templates over 51,200 bytes are taken from S3 only. @returns the template's address */
export async function uploadTemplate(
  { s3 }: Pick<LaptopClients, 's3'>,
  endpointUrl: string,
  stackName: string,
  template: Template,
): Promise<string> {
  const key = `${stackName}.json`;
  await ensureBucket(s3, TEMPLATES_BUCKET);
  await s3.send(new PutObjectCommand({ Bucket: TEMPLATES_BUCKET, Key: key, Body: JSON.stringify(template) }));
  return `${endpointUrl}/${TEMPLATES_BUCKET}/${key}`;
}

async function ensureBucket(s3: LaptopClients['s3'], bucket: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    // A stack that is updated finds the bucket of its first deployment.
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
  }
}
