import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPlanted } from './find-planted.ts';
import { ALL_PLANTED } from './planted.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function dumped(line: unknown): void {
  writeFileSync(join(folder, 'logs.ndjson'), `${JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ files: { 'logs.ndjson': 1 } }));
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

/** Ways in which a text could come into a store, a log line or an object. */
const WAYS: Readonly<Record<string, (text: string) => unknown>> = {
  plain: (text) => ({ message: `before ${text} after` }),
  'as the name of a member': (text) => ({ message: { [text]: 1 } }),
  'in upper case': (text) => ({ message: text.toUpperCase() }),
  'in lower case': (text) => ({ message: text.toLowerCase() }),
  'as JSON in a text': (text) => ({ message: JSON.stringify({ deep: [{ text }] }) }),
  'as JSON in JSON in a text': (text) => ({ message: JSON.stringify({ body: JSON.stringify({ text }) }) }),
  'as JSON after other words': (text) => ({ message: `INFO ${JSON.stringify({ text })}` }),
  'in a URL': (text) => ({ message: `GET /users/${encodeURIComponent(text)}/x` }),
  'in a form': (text) => ({ message: new URLSearchParams({ q: text }).toString() }),
  'in base64': (text) => ({ message: base64(text) }),
  'in base64 after one byte': (text) => ({ message: `id=${base64(`x${text}y`)}` }),
  'in base64 after two bytes': (text) => ({ message: `id=${base64(`xx${text}yy`)}` }),
  'in base64 for URLs': (text) => ({ message: `id.${Buffer.from(`xyz${text}`).toString('base64url')}` }),
  'in a token': (text) => ({
    message: `Bearer ${Buffer.from(JSON.stringify({ sub: text })).toString('base64url')}.x`,
  }),
  'in hexadecimal': (text) => ({ message: Buffer.from(text).toString('hex') }),
  'as bytes of a table': (text) => ({ body: { B: base64(`{"a":${JSON.stringify(text)}}`) } }),
  'packed in an object': (text) => ({ body: base64(gzipSync(`${JSON.stringify({ item: { S: text } })}\n`)) }),
  'as UTF-8 taken for Latin-1': (text) => ({ message: Buffer.from(text).toString('latin1') }),
  'with other accents': (text) => ({ message: text.normalize('NFD') }),
};

describe('what is planted is found', () => {
  it.each(Object.keys(WAYS))('%s', (way) => {
    for (const text of ALL_PLANTED) {
      dumped(WAYS[way]?.(text));
      expect(findPlanted(folder, ALL_PLANTED).map((leak) => leak.text)).toContain(text);
    }
  });

  it('by the member in which it stands', () => {
    dumped({ message: { detail: { user_id: ALL_PLANTED[0] } } });
    expect(findPlanted(folder, ALL_PLANTED)).toEqual([
      { file: 'logs.ndjson', path: 'message.detail.user_id', text: ALL_PLANTED[0] },
    ]);
  });

  it('and nothing else: not what merely looks like it', () => {
    dumped({ message: 'Wilhelmina', body: base64('Quackenbush'), number: 212_555 });
    expect(findPlanted(folder, ALL_PLANTED)).toEqual([]);
  });
});

it('forty texts are planted, no two the same, none a part of another', () => {
  expect(ALL_PLANTED).toHaveLength(40);
  for (const text of ALL_PLANTED) expect(ALL_PLANTED.filter((one) => one.includes(text))).toEqual([text]);
});
