import { createPublicKey, type KeyObject } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { callAws } from './sdk-errors.ts';

/** The public half of a signing key. */
export async function publicKeyOf(client: KMSClient, KeyId: string): Promise<KeyObject> {
  const command = new GetPublicKeyCommand({ KeyId });
  const { PublicKey = new Uint8Array() } = await callAws('KMS GetPublicKey', () => client.send(command));
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
}
