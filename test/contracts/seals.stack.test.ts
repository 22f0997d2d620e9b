import { createPublicKey, verify } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditPut } from '#shared/adapters/audit-items.ts';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { createAuditPages } from '#shared/adapters/audit-pages.ts';
import { createAuditTrail } from '#shared/adapters/audit-trail.ts';
import type { Item } from '#shared/adapters/batch-get.ts';
import { s3Client } from '#shared/adapters/clients.ts';
import { createSealSigner } from '#shared/adapters/seal-signer.ts';
import { createSealVault } from '#shared/adapters/seal-vault.ts';
import { standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { TrailEntry } from '#shared/operations/seal-ports.ts';
import { auditPagesContract } from './audit-pages-contract.ts';
import { auditTrailContract } from './audit-trail-contract.ts';
import { createEmulatedTables, type EmulatedTables, emulatedEnvironment } from './emulated-tables.ts';
import { sampleEntry, unique } from './sample-jobs.ts';
import { sealVaultContract } from './seal-vault-contract.ts';

let emulated: EmulatedTables;
beforeAll(async () => {
  emulated = await createEmulatedTables();
});
afterAll(() => emulated.delete());

const trailOf = (alsoByKey: boolean) =>
  createAuditTrail({ client: emulated.dynamo, table: emulated.tables.audit, alsoByKey });

for (const alsoByKey of [false, true])
  auditTrailContract(alsoByKey ? 'DynamoDB, by index and key' : 'DynamoDB, by index', async () => {
    const audit = createAuditLog({
      client: emulated.dynamo,
      table: emulated.tables.audit,
      pseudonymize: emulated.pseudonymize,
    });
    return { trail: trailOf(alsoByKey), put: audit.put };
  });

auditPagesContract('DynamoDB', async () => {
  const options = { client: emulated.dynamo, table: emulated.tables.audit };
  const { put } = createAuditLog({ ...options, pseudonymize: emulated.pseudonymize });
  return { pages: createAuditPages(options), put };
});

sealVaultContract('S3', async () => {
  const s3 = s3Client({ environment: emulatedEnvironment() });
  const Bucket = unique('seals');
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  return { vault: createSealVault(s3, Bucket) };
});

describe('the trail in DynamoDB', () => {
  it('shows an entry that was put where the index does not see it, and one whose attributes were changed', async () => {
    const { Item } = auditPut(
      '',
      standaloneEntry({ ...sampleEntry(), at: '2031-08-01T05:00:00.000Z' }, unique('e')),
    );
    const { hourShard, ...hidden } = Item;
    const moved = auditPut(
      '',
      standaloneEntry({ ...sampleEntry(), at: '2031-08-01T05:00:01.000Z' }, unique('e')),
    );
    const items = [hidden, { ...moved.Item, actorMonth: { S: 'somebody-else#2031-08' } }];
    for (const one of items)
      await emulated.dynamo.send(new PutItemCommand({ TableName: emulated.tables.audit, Item: one }));
    const seen = async (alsoByKey: boolean) => {
      const found: boolean[] = [];
      for await (const { intact } of trailOf(alsoByKey).hour('2031-08-01T05')) found.push(intact);
      return found;
    };
    expect(hourShard).toBeDefined();
    expect(await seen(true)).toEqual([false, false]);
    expect(await seen(false)).toEqual([false]);
  });
});

describe('an item of the table that is no entry', () => {
  /** What stands under an hour of its own: one entry, and items that somebody has spoilt. */
  const listed = async (hour: string, spoil: (item: Item) => Item) => {
    const entries = ['10', '20'].map((minute) =>
      standaloneEntry({ ...sampleEntry(), at: `${hour}:${minute}:00.000Z` }, unique('e')),
    );
    for (const [index, entry] of entries.entries()) {
      const { Item } = auditPut('', entry);
      const stored = index === 0 ? spoil(Item) : Item;
      await emulated.dynamo.send(new PutItemCommand({ TableName: emulated.tables.audit, Item: stored }));
    }
    const found: TrailEntry[] = [];
    for await (const one of trailOf(false).hour(hour)) found.push(one);
    return { found, good: entries[1] };
  };
  const without = (name: string) => (item: Item) =>
    Object.fromEntries(Object.entries(item).filter(([key]) => key !== name));
  const SPOILT: readonly [string, (item: Item) => Item][] = [
    ['lacks a member', without('action')],
    ['has a version of the future', (item) => ({ ...item, v: { N: '9' } })],
    ['has bytes among its details', (item) => ({ ...item, details: { M: { x: { B: Uint8Array.of(1) } } } })],
    ['has a hash that is none', (item) => ({ ...item, hash: { S: 'x' } })],
    ['has another sort key in the index', (item) => ({ ...item, atSort: { S: 'zzz' } })],
  ];

  it.each(SPOILT)('because it %s comes last, by its hash, and the rest as ever', async (what, spoil) => {
    const hour = `2031-10-${String(10 + SPOILT.findIndex(([one]) => one === what))}T05`;
    const { found, good } = await listed(hour, spoil);
    expect(found.map(({ entry }) => entry)).toEqual([good, undefined]);
    expect(found[1]?.place).toMatch(new RegExp(`^${hour}~#[0-9a-f]{64}$`));
    // By its key it is the same item.
    const byKey: string[] = [];
    for await (const { line, entry } of trailOf(true).hour(hour)) if (!entry) byKey.push(line);
    expect(byKey).toContain(found[1]?.line);
  });
});

it('counts an item of a page that is no entry, and shows the others', async () => {
  const options = { client: emulated.dynamo, table: emulated.tables.audit };
  const actor = { ref: unique('actor'), role: 'service' };
  const entries = ['1', '2', '3'].map((second) =>
    standaloneEntry({ ...sampleEntry(), at: `2031-09-01T05:00:0${second}.000Z`, actor }, unique('e')),
  );
  for (const [index, entry] of entries.entries()) {
    const { Item } = auditPut('', entry);
    const { action, ...rest } = Item;
    const stored = index === 1 ? rest : { ...rest, ...(action && { action }) };
    await emulated.dynamo.send(new PutItemCommand({ TableName: options.table, Item: stored }));
  }
  const about = { by: 'actor', ref: actor.ref } as const;
  const range = { from: '2031-09-01T00:00:00.000Z', to: '2031-09-02T00:00:00.000Z' };
  expect(await createAuditPages(options).page(about, range, 10)).toEqual({
    entries: [entries[0], entries[2]],
    unreadable: 1,
  });
});

describe('the key in KMS', () => {
  it('signs so that its public half verifies it anywhere', async () => {
    const { kms } = emulated;
    const spec = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(spec));
    const KeyId = KeyMetadata?.Arn ?? '';
    const signature = Buffer.from(await createSealSigner(kms, KeyId)('what is sealed'), 'base64');
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    expect(verify('sha256', Buffer.from('what is sealed'), key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('what is not'), key, signature)).toBe(false);
  });
});
