import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFieldCipher } from '#shared/adapters/field-cipher.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createOwnerSecrets } from '#shared/adapters/owner-secrets.ts';
import { createRecallIndex } from '#shared/adapters/recall-index.ts';
import { createReleases } from '#shared/adapters/releases.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { running } from './job-commit-contract.ts';
import { recallIndexContract } from './recall-index-contract.ts';
import { releaseStoreContract } from './release-store-contract.ts';
import { NOW, sampleChange, sampleEntry, unique } from './sample-jobs.ts';

let emulated: EmulatedTables;
const clock = () => NOW;

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
});
afterAll(() => emulated.delete());

const shards = { watch: 3, outcome: 2, due: 4 };
const storeOf = ({ dynamo: client, tables, pseudonymize, cipher }: EmulatedTables) =>
  createJobStore({ client, tables, cipher, pseudonymize, clock, shards });

recallIndexContract('DynamoDB recall index', async () => {
  const { dynamo: client, tables, keys } = emulated;
  // An environment of its own, which knows no secret yet: one that was erased is not remembered.
  const secrets = createOwnerSecrets({ dynamo: client, table: tables.secrets, clock });
  const cipher = createFieldCipher({ keys, secrets, clock });
  return {
    store: storeOf(emulated),
    index: createRecallIndex({ client, table: tables.jobs, cipher, clock, shards: shards.outcome }),
    erase: async (userRef) => {
      const Key = { pk: { S: userRef }, sk: { S: 'SECRET' } };
      await client.send(new DeleteItemCommand({ TableName: tables.secrets, Key }));
    },
  };
});

releaseStoreContract('DynamoDB releases', async () => {
  const { dynamo: client, tables, pseudonymize, cipher } = emulated;
  return {
    store: storeOf(emulated),
    releases: createReleases({ client, tables, cipher, pseudonymize, clock }),
  };
});

describe('what stands in the table', () => {
  const stored = async () => {
    const { Items = [] } = await emulated.dynamo.send(new ScanCommand({ TableName: emulated.tables.jobs }));
    return Items.map((item) =>
      JSON.stringify(item, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    ).join('\n');
  };

  it('tells neither rule nor level nor outcome of a patient, and nothing of a release', async () => {
    const store = storeOf(emulated);
    const recall = {
      dataSet: 'secret-set@1',
      rules: ['secret-rule'],
      outcome: 'secret-out',
      level: 'secret-level',
    };
    const change = sampleChange('succeed', await running(store), {
      result: {},
      recall: { refs: [unique('ref')], recall },
    });
    await store.commit(change);
    const { dynamo: client, tables, pseudonymize, cipher } = emulated;
    const releases = createReleases({ client, tables, cipher, pseudonymize, clock });
    const release = {
      revision: 1,
      releasedAt: addSeconds(NOW, 5),
      role: 'clinician',
      findings: ['secret-finding'],
      note: 'secret-note',
    } as const;
    await releases.put(change.after, undefined, release, sampleEntry());
    const text = await stored();
    expect(text).toContain('RELEASE');
    expect(text).toContain('RECALL#');
    expect(text).not.toMatch(/secret-(set|rule|out|level|finding|note)/);
  });
});
