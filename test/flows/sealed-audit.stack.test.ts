import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AuditPlace, auditPlaceOf } from '#infra/audit/place.ts';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { auditPut } from '#shared/adapters/audit-items.ts';
import { keyOf } from '#shared/adapters/batch-get.ts';
import { chainPartition, chainSort, jobRowKey } from '#shared/adapters/item-keys.ts';
import { bundleText, pemOf, verifyBundle } from '#shared/evidence/bundle.ts';
import { addHours, type Hour, hourOf } from '#shared/evidence/seal.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { exportBundle } from '#shared/operations/export-bundle.ts';
import { verifyTrail } from '#shared/operations/verify-trail.ts';
import { patient } from './people.ts';

describe('the sealed audit trail', () => {
  const stack = useStack();
  let place: AuditPlace;
  let hour: Hour;
  let jobId: string;

  /** As somebody checks who looks at it some minutes after the hour was sealed. */
  const verdictOf = async () => {
    const clock = () => `${addHours(hour, 1)}:40:00.000Z`;
    const verdict = await verifyTrail({ ...place.deps, clock }, hour, addHours(hour, 1));
    return { ...verdict, hour: verdict.hours[0] };
  };

  beforeAll(async () => {
    place = await auditPlaceOf(undefined, stackFolder(inject('laptopFolder')));
    // Other tests move the clock and may have had hours sealed that are still to come.
    const latest = await place.deps.vault.latest();
    hour = latest === undefined ? hourOf(instantOf(Date.now())) : addHours(latest, 1);
    await stack.clock.set(`${hour}:05:00.000Z`);
    const owner = await patient(stack, 'flow-sealed-owner');
    ({ jobId } = await owner.submit('interaction-check', { medications: ['aspirin'] }));
    await stack.waitForJob(jobId, owner.token);
    await stack.clock.set(`${addHours(hour, 1)}:21:00.000Z`);
  });
  afterAll(() => stack.resetHooks());

  it('is unsealed before its time, and verified after it', async () => {
    expect((await verdictOf()).hour).toMatchObject({ status: 'unsealed', faults: [] });
    await stack.invoke('audit-seal');
    await stack.invoke('audit-seal');
    const { hour: verified, chains, faultyChains } = await verdictOf();
    expect(verified).toMatchObject({ status: 'verified', unsealed: 0, faults: [] });
    expect(verified?.entries).toBeGreaterThanOrEqual(2);
    expect(chains).toBeGreaterThanOrEqual(1);
    expect(faultyChains).toEqual([]);
  });

  it('gives a bundle about a job that is checked without the stack', async () => {
    const publicKey = pemOf(place.publicKey);
    const text = bundleText(await exportBundle({ ...place.deps, publicKey }, jobId));
    const verdict = verifyBundle(text, { key: place.publicKey });
    expect(verdict).toMatchObject({ faults: [], gaps: [], unsealed: 0 });
    expect(verdict.sealed).toBeGreaterThanOrEqual(2);
    expect(verdict.bundle?.chain[0]?.details['request_hash']).toMatch(/^[0-9a-f]{64}$/);
    expect(text).not.toMatch(/aspirin|flow-sealed-owner/);
    expect(verifyBundle(text.replace('job.accepted', 'job.accepteD')).faults).toContain('hash_differs');
  });

  it('lies under Object Lock: a seal can be hidden, which is seen, and comes back', async () => {
    const Bucket = stack.stack.buckets.audit;
    const { ObjectLockConfiguration } = await stack.clients.s3.send(
      new GetObjectLockConfigurationCommand({ Bucket }),
    );
    expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toMatchObject({ Mode: 'GOVERNANCE', Days: 1 });
    const Key = `seals/${hour}.json`;
    const { VersionId } = await stack.clients.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect((await verdictOf()).hour?.faults).toEqual(['seal_overwritten', 'seal_missing']);
    await stack.clients.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    expect((await verdictOf()).hour?.status).toBe('verified');
  });

  it('shows what was changed in the table, and that it is as before', async () => {
    const TableName = stack.stack.tables.audit;
    const chain = await place.deps.audit.chain(jobId);
    const last = chain.at(-1);
    if (!last) throw new Error('The job has a chain.');
    const { Item } = auditPut(TableName, last);
    const Key = keyOf({ pk: chainPartition(jobId), sk: chainSort(last.seq ?? 0) });
    const { dynamo } = stack.clients;
    const set = (outcome: string, actorMonth: string) =>
      dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET outcome = :outcome, actorMonth = :month',
          ExpressionAttributeValues: { ':outcome': { S: outcome }, ':month': { S: actorMonth } },
        }),
      );
    const month = `${last.actor.ref}#${hour.slice(0, 7)}`;
    await set('refused', month);
    const changed = await verdictOf();
    expect(changed.hour?.faults).toEqual(['entry_differs']);
    expect(changed.faultyChains).toEqual([{ jobId, fault: 'hash_differs' }]);
    await set(last.outcome, 'nobody#2000-01');
    expect((await verdictOf()).hour?.faults).toEqual(['item_differs']);
    await set(last.outcome, month);
    expect((await verdictOf()).hour?.status).toBe('verified');

    await dynamo.send(new DeleteItemCommand({ TableName, Key }));
    const without = await verdictOf();
    expect(without.hour?.faults).toEqual(['entry_missing']);
    expect(without.faultyChains).toEqual([{ jobId, fault: 'head_differs' }]);
    await dynamo.send(new PutItemCommand({ TableName, Item }));
    expect((await verdictOf()).hour?.status).toBe('verified');
  });

  it.each([
    ['userRef', 'another-patient'],
    ['createdAt', '2020-01-01T00:00:00.000Z'],
    ['priority', 'LOW'],
    ['userMonth', 'another-patient#2031-05'],
  ])('shows that the %s of a job’s row was changed, and makes no bundle of it', async (name, other) => {
    const TableName = stack.stack.tables.jobs;
    const Key = keyOf(jobRowKey(jobId));
    const { dynamo } = stack.clients;
    const set = async (value: string) => {
      const { Attributes } = await dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':value': { S: value } },
          ReturnValues: 'UPDATED_OLD',
        }),
      );
      return Attributes?.[name]?.S ?? '';
    };
    const before = await set(other);
    expect((await verdictOf()).faultyChains).toEqual([{ jobId, fault: 'row_differs' }]);
    const publicKey = pemOf(place.publicKey);
    await expect(exportBundle({ ...place.deps, publicKey }, jobId)).rejects.toThrow('not what was accepted');
    expect(await set(before)).toBe(other);
    expect((await verdictOf()).faultyChains).toEqual([]);
  });
});
