import { DeleteItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBreakGlassStore } from '#shared/adapters/break-glass-store.ts';
import { createEmergencyGrants, createOverdueReviews } from '#shared/adapters/emergency-grants.ts';
import { createEventReader } from '#shared/adapters/event-reader.ts';
import { createFieldCipher } from '#shared/adapters/field-cipher.ts';
import { breakGlassPointerKey } from '#shared/adapters/item-keys.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createOwnerSecrets } from '#shared/adapters/owner-secrets.ts';
import { createPatientGrants } from '#shared/adapters/patient-grants.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { breakGlassStoreContract } from './break-glass-store-contract.ts';
import { emergencyGrantsContract } from './emergency-grants-contract.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { overdueReviewsContract } from './overdue-reviews-contract.ts';
import { patientGrantsContract } from './patient-grants-contract.ts';
import { judged, newGrant, opened, SAMPLE_WORDS, sampleGrant } from './sample-grants.ts';
import { NOW, sampleEntry } from './sample-jobs.ts';

let emulated: EmulatedTables;
const clock = () => NOW;
beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
});
afterAll(() => emulated.delete());

const shards = { watch: 3, outcome: 2, due: 4 };

/** What an erasure leaves of a secret. */
const markSecret = async (userRef: string, UpdateExpression: string): Promise<void> => {
  const { dynamo, tables } = emulated;
  await dynamo.send(
    new UpdateItemCommand({
      TableName: tables.secrets,
      Key: { pk: { S: userRef }, sk: { S: 'SECRET' } },
      UpdateExpression,
      ExpressionAttributeValues: { ':at': { S: NOW } },
    }),
  );
};

const make = async () => {
  const { dynamo: client, tables, pseudonymize, keys } = emulated;
  // Environments of their own: who reads remembers no secret that was erased.
  const fresh = () => {
    const secrets = createOwnerSecrets({ dynamo: client, table: tables.secrets, clock });
    return createFieldCipher({ keys, secrets, clock });
  };
  const store = createBreakGlassStore({ client, tables, cipher: fresh(), pseudonymize, clock, shards });
  const reading = createBreakGlassStore({ client, tables, cipher: fresh(), pseudonymize, clock, shards });
  const judging = createBreakGlassStore({ client, tables, cipher: fresh(), pseudonymize, clock, shards });
  return {
    store: { ...store, read: reading.read, change: judging.change },
    grants: createEmergencyGrants({ client, table: tables.jobs }),
    ofPatient: createPatientGrants({ client, table: tables.jobs, clock }),
    overdue: createOverdueReviews({ client, table: tables.jobs }),
    jobs: createJobStore({ client, tables, cipher: fresh(), pseudonymize, clock, shards }),
    events: createEventReader({
      client,
      table: tables.jobs,
      outcomeShards: shards.outcome,
      cipher: fresh(),
      clock,
    }),
    close: (userRef: string) => markSecret(userRef, 'SET closedAt = :at'),
    erase: (userRef: string) => markSecret(userRef, 'SET closedAt = :at REMOVE secret'),
  };
};

breakGlassStoreContract('DynamoDB', make);
emergencyGrantsContract('DynamoDB', make);
overdueReviewsContract('DynamoDB', make);
patientGrantsContract('DynamoDB', make);

it('a verdict after the pointer has gone bars as well, and what it leaves can be read', async () => {
  const { store, grants } = await make();
  const grant = await opened(store);
  const { actorRef, userRef } = grant;
  const { dynamo, tables } = emulated;
  const Key = marshall(breakGlassPointerKey(actorRef, userRef));
  await dynamo.send(new DeleteItemCommand({ TableName: tables.jobs, Key }));
  const at = addSeconds(NOW, 10 * 86_400);
  const { review, ...after } = judged(grant, at);
  if (!review) throw new Error('It is judged.');
  const bad = { ...after, review: { ...review, verdict: 'not_justified' as const } };
  expect(await store.change(grant, bad, sampleEntry())).toBe(true);
  expect(await grants.newest(actorRef, userRef)).toEqual(bad);
  expect(await grants.unexpired(actorRef, at)).toEqual([]);
  const next = sampleGrant({ actorRef, userRef, grantedAt: addSeconds(at, 1) });
  expect(await store.open(newGrant(next))).toEqual({ barred: true });
});

it('the table tells neither whose data was opened, nor to whom, nor why', async () => {
  const { store } = await make();
  const grant = await opened(store);
  const after = { ...grant, revision: 2 };
  await store.change(grant, after, sampleEntry(), 'A secret note.');
  const { Items = [] } = await emulated.dynamo.send(new ScanCommand({ TableName: emulated.tables.jobs }));
  const text = JSON.stringify(Items, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  expect(text).toContain(`BREAK_GLASS#${grant.grantId}`);
  for (const words of [...Object.values(SAMPLE_WORDS), 'secret note', 'secret-id', 'secret reason'])
    expect(text).not.toContain(words);
});
