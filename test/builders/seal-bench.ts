import { standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type { MalformedItem, Seal } from '#shared/evidence/seal.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { type SealDeps, sealHours } from '#shared/operations/seal-hours.ts';
import {
  createInMemoryTrail,
  createInMemoryVault,
  createSealKey,
  type InMemoryVault,
} from '#test/fakes/in-memory-seals.ts';
import { createRecordingLog } from '#test/fakes/quiet.ts';

/** A trail whose entries a test writes, and what seals it. */
export class SealBench {
  readonly entries: AuditEntry[] = [];
  readonly vault: InMemoryVault = createInMemoryVault();
  readonly malformed: MalformedItem[] = [];
  readonly trail = createInMemoryTrail(
    () => this.entries,
    () => this.malformed,
  );
  readonly key = createSealKey();
  readonly metrics: { readonly name: string; readonly value: number }[] = [];
  signatures = 0;
  now: Instant = '2031-05-06T08:20:00.000Z';
  #made = 0;

  /** Puts entries without a chain. */
  put(...times: readonly Instant[]): readonly AuditEntry[] {
    const made = times.map((at) => standaloneEntry(draft(at), this.#id()));
    this.entries.push(...made);
    return made;
  }

  deps(over: Partial<SealDeps> = {}): SealDeps {
    return {
      trail: this.trail,
      vault: this.vault,
      sign: async (text) => {
        this.signatures += 1;
        return this.key.sign(text);
      },
      keyId: 'arn:aws:kms:us-east-1:000000000000:key/test',
      clock: () => this.now,
      random: { ulid: () => this.#id(), hex: () => this.#id() },
      metrics: { add: (name, value) => this.metrics.push({ name, value }) },
      log: createRecordingLog(),
      ...over,
    };
  }

  /** Seals what is due at `now`. */
  async seal(now: Instant = this.now, over: Partial<SealDeps> = {}): Promise<void> {
    this.now = now;
    await sealHours(this.deps(over));
  }

  sealOf(hour: string): Seal {
    return JSON.parse(this.vault.seals.get(hour)?.at(-1) ?? '');
  }

  #id(): string {
    this.#made += 1;
    return `id-${String(this.#made).padStart(6, '0')}`;
  }
}

const draft = (at: Instant) => ({
  at,
  action: 'jobs.listed' as const,
  outcome: 'success' as const,
  actor: { ref: 'actor-ref', role: 'operator' },
  correlationId: 'c-1',
  details: { jobs: 3 },
});
