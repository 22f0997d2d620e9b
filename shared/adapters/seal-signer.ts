import { createHash } from 'node:crypto';
import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { SignSeal } from '../operations/seal-ports.ts';
import { callAws } from './sdk-errors.ts';

/** Signs with an asymmetric key that never leaves KMS: ECDSA over P-256 and SHA-256. Only the digest is sent. */
export const createSealSigner =
  (client: KMSClient, keyId: string): SignSeal =>
  async (text) => {
    const command = new SignCommand({
      KeyId: keyId,
      Message: createHash('sha256').update(text).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    const { Signature } = await callAws('KMS Sign', () => client.send(command));
    if (!Signature) throw new Error('KMS answered without a signature.');
    return Buffer.from(Signature).toString('base64');
  };
