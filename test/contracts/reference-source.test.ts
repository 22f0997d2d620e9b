import { InMemoryReference } from '../fakes/in-memory-reference.ts';
import { referenceSourceContract } from './reference-source-contract.ts';

referenceSourceContract('in memory', async () => {
  const packs = new InMemoryReference();
  return {
    environment: () => packs.environment(),
    use: async (pack, damage) => {
      packs.inUse = pack && { pack, damaged: damage !== undefined };
    },
    now: packs.now,
    passSeconds: (seconds) => {
      packs.seconds += seconds;
    },
  };
});
