import { paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { createBulkActions } from '#shared/adapters/bulk-action-store.ts';
import { bulkActionsContract } from './bulk-actions-contract.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { NOW } from './sample-jobs.ts';

const clock = () => NOW;
let emulated: EmulatedTables;

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
});
afterAll(() => emulated.delete());

bulkActionsContract('DynamoDB', async () => {
  const { dynamo: client, tables, pseudonymize } = emulated;
  return {
    bulkActions: createBulkActions({ client, tables, pseudonymize, clock }),
    audited: async (correlationId) => {
      const actions: string[] = [];
      for await (const page of paginateScan({ client }, { TableName: tables.audit }))
        for (const item of page.Items ?? [])
          if (item['correlationId']?.S === correlationId) actions.push(item['action']?.S ?? '');
      return actions;
    },
  };
});
