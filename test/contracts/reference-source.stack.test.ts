import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createPackStore } from '#infra/reference/pack-store.ts';
import { s3Client } from '#shared/adapters/clients.ts';
import { createReferenceSource } from '#shared/adapters/reference-source.ts';
import { BUILT_IN } from '#shared/clinical/reference/reference.ts';
import { referenceWith } from '#shared/clinical/reference/reference-with.ts';
import { REFERENCE_KEYS } from '#shared/contract/reference.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { inventedPack, inventedPart } from '../builders/reference-packs.ts';
import { createRecordingLog } from '../fakes/quiet.ts';
import { emulatedEnvironment } from './emulated-tables.ts';
import { type Damage, referenceSourceContract } from './reference-source-contract.ts';
import { NOW, unique } from './sample-jobs.ts';

const s3 = s3Client({ environment: emulatedEnvironment() });

async function newBucket(): Promise<string> {
  const bucket = unique('reference');
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

const CONTRADICTS = inventedPart({
  names: { products: { zorbexil: 'coumadin' }, synonyms: {}, ambiguous: {}, rxcui: {} },
});

/** The bytes of a pack, and what lies in the bucket in their place. */
function damaged(pack: ReturnType<typeof inventedPack>, damage: Damage | undefined) {
  const packed = (json: object) => gzipSync(JSON.stringify(json));
  const bytes = {
    'not packed': Buffer.from('no gzip'),
    'unknown schema': packed({ ...pack, schema: 2 }),
    contradicts: packed({ ...pack, parts: [CONTRADICTS] }),
  };
  const good = damage === 'missing' || damage === 'other bytes' || !damage ? packed(pack) : bytes[damage];
  return { promised: good, lies: damage === 'other bytes' ? Buffer.from('other bytes') : good };
}

referenceSourceContract('S3', async () => {
  const bucket = await newBucket();
  let now = NOW;
  const put = (Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  return {
    environment: () =>
      createReferenceSource({
        s3,
        bucket,
        builtIn: BUILT_IN,
        open: referenceWith,
        log: createRecordingLog(),
        onUnusable: () => undefined,
        clock: () => now,
      }),
    use: async (pack, damage) => {
      const { promised, lies } = damaged(pack ?? inventedPack(), damage);
      if (pack && damage !== 'missing') await put(REFERENCE_KEYS.pack(pack.id), lies);
      const sha256 = createHash('sha256').update(promised).digest('hex');
      const named = pack ? { id: pack.id, version: pack.version, sha256 } : null;
      const pointer = { schema: 1, pack: named, activated_at: now, latest: 2 };
      await put(REFERENCE_KEYS.pointer, Buffer.from(JSON.stringify(pointer)));
    },
    now: () => now,
    passSeconds: (seconds) => {
      now = addSeconds(now, seconds);
    },
  };
});

describe('the packs in S3', () => {
  const pointer = (version: number) => ({
    schema: 1 as const,
    pack: null,
    activated_at: NOW,
    latest: version,
  });

  test('are never overwritten', async () => {
    const store = createPackStore(s3, await newBucket());
    await store.putPack('20261120t100001z-0123456789ab', Buffer.from('first'));
    await expect(store.putPack('20261120t100001z-0123456789ab', Buffer.from('second'))).rejects.toThrow();
    const found = await store.pack('20261120t100001z-0123456789ab');
    expect(Buffer.from(found ?? []).toString()).toBe('first');
    expect(await store.ids()).toEqual(['20261120t100001z-0123456789ab']);
    expect(await store.pack('20261120t100001z-ffffffffffff')).toBeUndefined();
  });

  test('change hands only as they were read', async () => {
    const store = createPackStore(s3, await newBucket());
    expect(await store.pointer()).toBeUndefined();
    await store.movePointer(pointer(1), undefined);
    await expect(store.movePointer(pointer(2), undefined)).rejects.toThrow('Somebody else');
    const read = await store.pointer();
    await store.movePointer(pointer(3), read);
    await expect(store.movePointer(pointer(4), read)).rejects.toThrow('Somebody else');
    expect((await store.pointer())?.pointer?.latest).toBe(3);
  });

  test.each(['', '{', '[]', '{"schema":2}'])(
    'are told and mended where the pointer is damaged: %j',
    async (text) => {
      const bucket = await newBucket();
      const store = createPackStore(s3, bucket);
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: REFERENCE_KEYS.pointer, Body: Buffer.from(text) }),
      );
      const read = await store.pointer();
      expect(read).toMatchObject({
        damage: expect.stringContaining('reference/current.json cannot be read'),
      });
      await store.movePointer(pointer(1), read);
      expect((await store.pointer())?.pointer).toEqual(pointer(1));
    },
  );
});
