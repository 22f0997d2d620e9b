import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Rejection } from '#shared/clinical/reference/tally.ts';

/** Every rejection as a line of JSON in a file, and the first few for the screen. */
export interface RejectReport {
  readonly first: readonly Rejection[];
  add(rejection: Rejection): void;
  close(): Promise<void>;
}

const SHOWN = 20;

export function createRejectReport(file: string): RejectReport {
  mkdirSync(dirname(file), { recursive: true });
  const stream = createWriteStream(file);
  const first: Rejection[] = [];
  return {
    first,
    add: (rejection) => {
      if (first.length < SHOWN) first.push(rejection);
      stream.write(`${JSON.stringify(rejection)}\n`);
    },
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
}
