import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MANIFEST, type Manifest } from '#infra/local/dump/dump-stack.ts';
import { folded, formsOf } from './forms-of.ts';

/** A planted text where a dump holds it: the file, and the members of its line on the way to it. */
export interface Leak {
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

/** Looks for the texts, in every form, in every line of a dump: also in what is packed inside its values. */
export function findPlanted(folder: string, texts: readonly string[]): Leak[] {
  const { files }: Manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
  const forms = texts.map((text) => ({ text, forms: formsOf(text) }));
  const leaks = new Map<string, Leak>();
  for (const file of Object.keys(files))
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (line === '') continue;
      for (const { path, value } of valuesIn(JSON.parse(line), [])) {
        const lower = folded(value);
        for (const { text, forms: ways } of forms)
          if (ways.some((way) => lower.includes(way)))
            leaks.set(`${file}|${path}|${text}`, { file, path, text });
      }
    }
  return [...leaks.values()];
}

interface Found {
  readonly path: string;
  readonly value: string;
}

/** All texts within a value: names of members, texts, and what these hold when they are JSON, base64 or packed. */
function* valuesIn(value: unknown, path: readonly string[]): Generator<Found> {
  if (typeof value === 'string') yield* within(value, path);
  else if (typeof value === 'number') yield { path: path.join('.'), value: String(value) };
  else if (Array.isArray(value)) for (const one of value) yield* valuesIn(one, path);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      yield { path: [...path, 'a name'].join('.'), value: name };
      yield* valuesIn(inner, [...path, name]);
    }
}

const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
const GZIP = [0x1f, 0x8b];

function* within(text: string, path: readonly string[]): Generator<Found> {
  yield { path: path.join('.'), value: text };
  yield* jsonIn(text, path);
  for (const [run] of text.matchAll(BASE64)) {
    const inner = unpacked(Buffer.from(run, 'base64')).toString('utf8');
    yield { path: path.join('.'), value: inner };
    // Lines of JSON, as backups have them.
    for (const line of inner.split('\n')) yield* jsonIn(line, path);
  }
}

function unpacked(bytes: Buffer): Buffer {
  if (!GZIP.every((byte, at) => bytes[at] === byte)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    // Sealed bytes may begin as a packed file does.
    return bytes;
  }
}

function* jsonIn(text: string, path: readonly string[]): Generator<Found> {
  const value = /^\s*[[{"]/.test(text) ? parsed(text) : undefined;
  if (value !== undefined) yield* valuesIn(value, path);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
