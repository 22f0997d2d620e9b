import { createHash } from 'node:crypto';

/** The shard of a text: the same in every process and version, evenly spread. */
export const shardOf = (text: string, shards: number): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % shards;
