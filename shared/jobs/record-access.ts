import type { UnreadableReason } from '../errors/unreadable.ts';
import type { RecordShapes, Ref } from './records.ts';

// How records are named, read and written.

export type RecordType = keyof RecordShapes;

export interface StoredRecord<T extends RecordType> {
  readonly type: T;
  readonly id: string;
  /** Starts at 1 and is raised by every write. */
  readonly version: number;
  readonly state: RecordShapes[T]['state'];
  readonly body: RecordShapes[T]['body'];
}

export interface RecordWriteOf<T extends RecordType> {
  readonly type: T;
  readonly owner: Ref;
  readonly id: string;
  /** The version that must stand now; `absent`: none may; `any`: whatever stands is replaced. */
  readonly expect: number | 'absent' | 'any';
  readonly state: RecordShapes[T]['state'];
  readonly body: RecordShapes[T]['body'];
  /** Of a schedule whose next dose stays where it was: its entry in the due buckets stands, and is not made again. */
  readonly isEntered?: true;
  /** Of a medication: the dispensing that stands in its body and did not stand in the one before. */
  readonly newFill?: Fill;
  /** Of an occurrence that may become due at another time, or open once more: the state before, whose dose row ends then. */
  readonly replaces?: RecordShapes['occurrence']['state'];
  /** Of a user or a care team: who is in it with a grant that did not stand before, as users are known. */
  readonly grantees?: readonly Ref[];
}

export interface Fill {
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly daysSupply: number;
}

export type RecordWrite = { [T in RecordType]: RecordWriteOf<T> }[RecordType];

/** A record as it was read, by its version. */
export interface RecordVersion extends RecordKey {
  readonly version: number | 'absent';
}

/** What stands in the clear of an occurrence. Reading and writing it takes no key: the sealed body is left as it is. */
export type OccurrenceState = Pick<StoredRecord<'occurrence'>, 'version' | 'state'>;

/** Replaces the state of an occurrence that stands at version `expect`, and nothing else of it. */
export type OccurrenceStateWrite = Pick<RecordWriteOf<'occurrence'>, 'owner' | 'id' | 'state'> & {
  readonly expect: number;
};

export interface RecordKey<T extends RecordType = RecordType> {
  readonly type: T;
  readonly owner: Ref;
  readonly id: string;
}

/** Is told of a record that stands and can never be read, in its place; without it the list fails there. */
export type PassOver = (id: string, reason: UnreadableReason) => void;

export interface RecordReader {
  /** One strongly consistent batch; the answer keeps the order of the keys, `undefined` where nothing stands. */
  readMany<T extends RecordType>(keys: readonly RecordKey<T>[]): Promise<(StoredRecord<T> | undefined)[]>;
  /** Every record of that type whose id begins with `idPrefix`, in order of id. */
  list<T extends RecordType>(
    type: T,
    owner: Ref,
    idPrefix: string,
    passOver?: PassOver,
  ): AsyncIterable<StoredRecord<T>>;
  /** Every record of that type whose id is `from` or later and before `until`, in order of id. */
  range<T extends RecordType>(
    type: T,
    owner: Ref,
    ids: { readonly from: string; readonly until: string },
    passOver?: PassOver,
  ): AsyncIterable<StoredRecord<T>>;
  /** The first `limit` refs of users with a medication that begin with `prefix`, ascending; no record is looked at. */
  owners(prefix: string, limit: number): Promise<readonly Ref[]>;
  /**
   * The first `limit` refs of users who have ever given a grant to that person, ascending. It says where to look: what
   * holds now is said by the grants.
   */
  patientsOf(grantee: Ref, limit: number): Promise<readonly Ref[]>;
}
