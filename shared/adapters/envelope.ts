import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { FieldCipherError } from './field-cipher-error.ts';

/** Version of the scheme: AES-256-GCM, key by HKDF-SHA256 from day key and owner secret. */
export const SCHEME = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a sealed field stands. Moved elsewhere, it does not open. */
export interface FieldPlace {
  /** Logical name of the table, so that a backup opens in a table of another name. */
  readonly table: 'jobs' | 'records';
  readonly pk: string;
  readonly sk: string;
  readonly attribute: string;
}

export interface FieldKeys {
  readonly dayKey: Uint8Array;
  readonly secret: Uint8Array;
}

/**
 * Layout: scheme version (1 byte) · length of the key id (1 byte) · key id · nonce (12) · ciphertext · tag (16).
 * The key id is the day of the day key.
 */
export function sealEnvelope(
  place: FieldPlace,
  keyId: string,
  keys: FieldKeys,
  plaintext: Uint8Array,
): Uint8Array {
  const id = Buffer.from(keyId, 'ascii');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', fieldKey(keys), nonce).setAAD(additionalData(place));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([SCHEME, id.length]), id, nonce, ciphertext, cipher.getAuthTag()]);
}

/** @throws FieldCipherError `not_an_envelope` */
export function keyIdOf(envelope: Uint8Array): string {
  const idBytes = envelope[1] ?? 0;
  const shortest = 2 + idBytes + NONCE_BYTES + TAG_BYTES;
  if (envelope[0] !== SCHEME || idBytes === 0 || envelope.length < shortest)
    throw new FieldCipherError('not_an_envelope', 'The stored bytes are no envelope of a known scheme.');
  return Buffer.from(envelope.subarray(2, 2 + idBytes)).toString('ascii');
}

/** @throws FieldCipherError `not_authentic` when place, owner or a single bit is another */
export function openEnvelope(place: FieldPlace, keys: FieldKeys, envelope: Uint8Array): Buffer {
  const start = 2 + keyIdOf(envelope).length;
  const end = envelope.length - TAG_BYTES;
  const nonce = envelope.subarray(start, start + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', fieldKey(keys), nonce, { authTagLength: TAG_BYTES })
    .setAAD(additionalData(place))
    .setAuthTag(envelope.subarray(end));
  try {
    return Buffer.concat([decipher.update(envelope.subarray(start + NONCE_BYTES, end)), decipher.final()]);
  } catch {
    throw new FieldCipherError('not_authentic', `A sealed field of ${place.table} did not open.`);
  }
}

/** Derived keys by the two that they come from: forgotten with them, and not derived anew for each of a million fields. */
const derived = new WeakMap<Uint8Array, WeakMap<Uint8Array, Buffer>>();

function fieldKey({ dayKey, secret }: FieldKeys): Buffer {
  const ofSecret = derived.get(secret) ?? new WeakMap<Uint8Array, Buffer>();
  derived.set(secret, ofSecret);
  const key =
    ofSecret.get(dayKey) ??
    Buffer.from(hkdfSync('sha256', dayKey, secret, `medication-jobs/field/${SCHEME}`, 32));
  ofSecret.set(dayKey, key);
  return key;
}

/** A JSON list, because joined text could be cut in two ways. */
const additionalData = ({ table, pk, sk, attribute }: FieldPlace): Buffer =>
  Buffer.from(JSON.stringify([table, pk, sk, attribute, SCHEME]));
