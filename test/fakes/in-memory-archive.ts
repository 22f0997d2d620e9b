import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { Archive, RecordWriteOf } from '#shared/jobs/ports.ts';
import type { LatestBackup } from '#shared/operations/ports.ts';
import type { MemoryDatabase } from './memory-database.ts';

export interface InMemoryArchive extends Archive {
  readonly objects: Map<string, Uint8Array>;
  /** That of the key that signs, whose id is `KEY_ID`. */
  readonly publicKey: KeyObject;
}

export const KEY_ID = 'arn:aws:kms:us-east-1:000000000000:key/backup';

/** Small, so that whoever lists much has to turn pages. */
const PAGE = 3;

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** An archive over given tables; objects are kept by key. */
export function createInMemoryArchive(
  tables: Readonly<Record<string, readonly string[]>> = {},
): InMemoryArchive {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    publicKey,
    tables: Object.keys(tables),
    async *scan(table, segment, of) {
      const lines = tables[table];
      if (!lines) throw new Error(`There is no table ${table}.`);
      yield lines.filter((_, index) => index % of === segment);
    },
    put: async (key, body, _contentType, sha256Base64) => {
      const checksum = createHash('sha256').update(body).digest('base64');
      if (checksum !== sha256Base64) throw new Error('The body does not fit its checksum.');
      objects.set(key, Buffer.from(body));
      return createHash('md5').update(body).digest('hex');
    },
    get: async (key) => objects.get(key),
    stream: async (key) => {
      const body = objects.get(key);
      return body && piecesOf(body);
    },
    async *list(prefix, after = '') {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      for (let at = 0; at < keys.length; at += PAGE)
        yield keys.slice(at, at + PAGE).map((key) => ({ key, bytes: objects.get(key)?.byteLength ?? 0 }));
    },
    sign: async (text) => ({
      keyId: KEY_ID,
      signature: sign('sha256', Buffer.from(text), privateKey).toString('base64'),
    }),
    verifies: async (text, signature) => {
      try {
        return verify('sha256', text, publicKey, Buffer.from(signature, 'base64'));
      } catch {
        return false;
      }
    },
  };
}

/** So that whoever takes a piece for the whole is found out. */
const PIECE_BYTES = 1_000;

async function* piecesOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

type RecordState = RecordWriteOf<'backup'>['state'];

/** The newest backup and drill as the records tell. */
export function createInMemoryLatestBackup(db: MemoryDatabase): LatestBackup {
  const stateOf = (wanted: string): Partial<RecordState> =>
    [...db.records.values()].find(({ type, id }) => type === 'backup' && id === wanted)?.state ?? {};
  return {
    until: async () => stateOf('latest').until,
    drilled: async () => stateOf('drill').until,
    head: async () => stateOf('head').backupId,
  };
}
