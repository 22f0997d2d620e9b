import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INDEXES, PARTITION_KEY } from '../contract/tables.ts';
import { unreadableReason } from '../errors/unreadable.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { PatientGrants } from '../operations/break-glass-ports.ts';
import { grantsOfPatient, parseGrant } from './break-glass-items.ts';
import { queryItems } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';

const { name: INDEX, partition: USER } = INDEXES.jobsByUser;

/** The grants for a patient by the index of that patient's jobs: what reads those needs no other right. No key is needed. */
export const createPatientGrants = ({
  client,
  table,
  clock,
}: {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly clock: Clock;
}): PatientGrants =>
  async function* grantsFor(userRef, passOver) {
    const items = queryItems(client, {
      TableName: table,
      IndexName: INDEX,
      KeyConditionExpression: `${USER} = :partition`,
      ExpressionAttributeValues: { ':partition': { S: grantsOfPatient(userRef) } },
    });
    for await (const item of items) {
      if (isOver(ttlOfItem(item), clock())) continue;
      try {
        yield parseGrant(item);
      } catch (error) {
        if (unreadableReason(error) === undefined) throw error;
        passOver(item[PARTITION_KEY]?.S ?? '');
      }
    }
  };
