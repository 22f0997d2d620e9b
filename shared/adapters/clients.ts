import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsCallCounter } from './aws-calls.ts';

/** What every client is built from. */
export interface ClientSettings {
  /** The process environment: `AWS_REGION`, `AWS_ENDPOINT_URL` and the credential variables are read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Counts each request of the client, when given. */
  readonly calls?: AwsCallCounter;
}

/** Tries of one call in all. More belong to the job's own retries, which wait long enough to help. */
const TRIES = 3;
const CONNECT_MS = 1_000;
/** One answer of DynamoDB, KMS, SQS, SNS, EventBridge or Lambda. The shortest worker has 10 s for everything. */
const ANSWER_MS = 2_500;
/** A part of a backup is some megabytes. */
const OBJECT_ANSWER_MS = 30_000;
/** As long as a worker may run at most. */
const LONG_ANSWER_MS = 300_000;

// One function per client, so that a bundle holds only the clients that its function calls.

export const dynamoClient = (settings: ClientSettings): DynamoDBClient =>
  counted(new DynamoDBClient(configuration(settings)), settings);

export const kmsClient = (settings: ClientSettings): KMSClient =>
  counted(new KMSClient(configuration(settings)), settings, 'kms');

export const sqsClient = (settings: ClientSettings): SQSClient =>
  counted(new SQSClient(configuration(settings)), settings);

export const snsClient = (settings: ClientSettings): SNSClient =>
  counted(new SNSClient(configuration(settings)), settings);

export const eventsClient = (settings: ClientSettings): EventBridgeClient =>
  counted(new EventBridgeClient(configuration(settings)), settings);

export const lambdaClient = (settings: ClientSettings): LambdaClient =>
  counted(new LambdaClient(configuration(settings)), settings);

/** Waits for a function that works for minutes, and asks it once: asked again it would do everything twice. */
export const patientLambdaClient = (settings: ClientSettings): LambdaClient =>
  counted(new LambdaClient({ ...configuration(settings, LONG_ANSWER_MS), maxAttempts: 1 }), settings);

export const s3Client = (settings: ClientSettings): S3Client =>
  counted(new S3Client(configuration(settings, OBJECT_ANSWER_MS)), settings);

function configuration({ environment }: ClientSettings, answerMs = ANSWER_MS) {
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const endpoint = environment['AWS_ENDPOINT_URL'];
  const credentials = environmentCredentials(environment);
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    // Lambda hands its credentials over in the environment; without them the SDK's own chain looks further.
    ...(credentials && { credentials }),
    maxAttempts: TRIES,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: answerMs,
      // Without this the SDK only warns about a late answer and goes on waiting.
      throwOnRequestTimeout: true,
    },
  };
}

function environmentCredentials(environment: ClientSettings['environment']) {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function counted<C>(client: C, settings: ClientSettings, service?: 'kms'): C {
  settings.calls?.attach(client, service);
  return client;
}
