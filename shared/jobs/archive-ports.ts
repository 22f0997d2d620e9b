import type { DrillRun } from './archive/drill-run.ts';

/** Reads the backup bucket. */
export interface ArchiveReader {
  /** `undefined`: there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** The same piece by piece, for what is too large to be held. */
  stream(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Objects whose keys begin with `prefix` and come after `after`, in order of their keys, page by page. */
  list(prefix: string, after?: string): AsyncIterable<readonly ArchivedObject[]>;
}

export interface ArchivedObject {
  readonly key: string;
  readonly bytes: number;
}

export interface Archive extends ArchiveReader {
  /** The tables that a backup holds, by logical name. */
  readonly tables: readonly string[];
  /** Items of one of `of` scan segments as DynamoDB JSON (`{"Item":{…}}`), page by page, each as it stands or later. */
  scan(table: string, segment: number, of: number): AsyncIterable<readonly string[]>;
  /**
   * Writes one object under the backup bucket, encrypted with the stage's key.
   * @returns its entity tag, without quotation marks
   */
  put(key: string, body: Uint8Array, contentType: string, sha256Base64: string): Promise<string>;
  /** Signs with the key of backups: ECDSA over P-256 and SHA-256 (DER), as Base64. */
  sign(text: string): Promise<ArchiveSignature>;
  /** Whether that key has signed these bytes. @param signature as `sign` tells it, or anything else */
  verifies(text: Uint8Array, signature: string): Promise<boolean>;
}

export interface ArchiveSignature {
  /** ARN of the key. */
  readonly keyId: string;
  readonly signature: string;
}

/** An item in DynamoDB JSON. */
export type JsonItem = Readonly<Record<string, unknown>>;

/** What a line of a data file says of an item: of a full backup always that it is there. */
export interface ItemState {
  readonly keys: JsonItem;
  /** Absent: the item is not there any more. */
  readonly image?: JsonItem;
}

/** Where a restore writes to. */
export interface RestoreTarget {
  /** Writes items and deletes those without an image; at most one state of each item at a time. */
  write(table: string, states: readonly ItemState[]): Promise<void>;
  /** Every item that stands, page by page. */
  scan(table: string): AsyncIterable<readonly JsonItem[]>;
}

/** The tables of drills, in which nothing stands between two of them. */
export interface DrillTables {
  /** Those of a backup, by logical name, in the order of the drill. */
  readonly names: readonly string[];
  /** As a restore does, but what is written goes by itself when a drill dies. */
  write(table: string, states: readonly ItemState[]): Promise<void>;
  /** Those of the items that stand, in any order. */
  read(table: string, keys: readonly JsonItem[]): Promise<readonly JsonItem[]>;
  /** Items after that key, in the order of the table; `next` is absent on the last page. */
  page(
    table: string,
    after?: ItemKey,
  ): Promise<{ readonly items: readonly JsonItem[]; readonly next?: ItemKey }>;
}

export type ItemKey = { readonly pk: string; readonly sk: string };

/** Drills a restore, apart from whoever asks for it: the worker has no rights in the tables of drills. */
export interface RestoreDrill {
  /**
   * Goes on with a drill for as long as one call may take.
   * @returns how far it came; handed back to the next call unless it is done
   */
  step(run: DrillRun): Promise<DrillRun>;
}
