import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { msOf } from '../lifecycle/instant.ts';
import type { RandomSource } from '../operations/ports.ts';

/** Randomness of the operating system. */
export const createRandomSource = (): RandomSource => ({
  ulid: (at) => ulid(msOf(at)),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
});
