import { createHash } from 'node:crypto';
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { JsonObject } from '../jobs/ports.ts';

/** A payload as it is stored (encrypted): the body and the salt of its hash in the audit trail. */
export interface PayloadEnvelope {
  readonly body: JsonObject;
  /** 32 random bytes, hex. Without it the hash in the audit trail tells nothing about the body. */
  readonly salt: string;
}

export const sealPayload = (body: JsonObject, salt: string): JsonObject => ({ v: 1, body, salt });

/** @throws TypeError when a stored payload is not an envelope of a known version */
export function openPayload(stored: JsonObject): PayloadEnvelope {
  const { v, body, salt } = stored;
  if (v !== 1 || typeof salt !== 'string' || !isObject(body))
    throw new TypeError('The stored payload is not an envelope of a known version.');
  return { body, salt };
}

/** SHA-256 (hex) over salt and canonical JSON: what the audit trail and the client's receipt carry. */
export const saltedHash = (value: JsonObject, salt: string): string =>
  createHash('sha256').update(salt).update(canonicalJson(value)).digest('hex');

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
