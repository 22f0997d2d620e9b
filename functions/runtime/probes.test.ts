import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refsOf } from '#shared/adapters/refs.ts';
import type { FieldKeys } from './field-keys.ts';
import { complianceProbes } from './probes.ts';

let unwraps: number;
let usable: boolean;
let unwrapped: Uint8Array;

// Only what the probe uses of the keys.
const fields = {
  freshKeys: () => ({
    hashKey: async () => {
      unwraps += 1;
      if (!usable) throw new Error('denied');
      return unwrapped;
    },
  }),
  refs: async () => refsOf(new Uint8Array(32)),
} as unknown as FieldKeys;

beforeEach(() => {
  vi.useFakeTimers();
  unwraps = 0;
  usable = true;
  unwrapped = new Uint8Array(32);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('encryptionKeyUsable', () => {
  it('unwraps a key now, and lets a good verdict stand for a minute at most', async () => {
    const probes = complianceProbes(fields);
    expect(await probes.encryptionKeyUsable()).toBe(true);
    vi.advanceTimersByTime(59_000);
    await probes.encryptionKeyUsable();
    expect(unwraps).toBe(1);
    vi.advanceTimersByTime(1_000);
    usable = false;
    await expect(probes.encryptionKeyUsable()).rejects.toThrow('denied');
  });

  it('refuses a key that can be used and is another one', async () => {
    unwrapped = new Uint8Array(32).fill(1);
    await expect(complianceProbes(fields).encryptionKeyUsable()).rejects.toThrow('another key');
  });

  it('keeps no bad verdict', async () => {
    const probes = complianceProbes(fields);
    usable = false;
    await expect(probes.encryptionKeyUsable()).rejects.toThrow('denied');
    usable = true;
    expect(await probes.encryptionKeyUsable()).toBe(true);
  });
});

it('redactionHolds runs the self-test of the log', async () => {
  expect(await complianceProbes(fields).redactionHolds()).toBe(true);
});
