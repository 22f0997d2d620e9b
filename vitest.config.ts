import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const NOT_OURS = '**/node_modules/**';

const long = {
  extends: true as const,
  test: {
    name: 'long',
    include: ['{shared,functions,infra,test}/**/*.long.test.ts'],
    exclude: [NOT_OURS],
  },
};

/** Files that bring up stacks of their own, and so can run beside the others: as a second run of vitest, not in one. */
const OWN_STACKS = [
  'test/flows/demo-restored.stack.test.ts',
  'test/flows/key-failure.stack.test.ts',
  'test/permissions/permissions.stack.test.ts',
];

/**
 * The files of the laptop stack come by their path, not the ones that failed or took longest in the last run: they share
 * one stack, and what one leaves there should be the same for the next one in every run.
 */
class StackInPathOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const inOrder = sorted
      .filter(({ project }) => project.name === 'stack')
      .sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
    return [...sorted.filter(({ project }) => project.name !== 'stack'), ...inOrder];
  }
}

export default defineConfig({
  test: {
    expect: { requireAssertions: true },
    // Vitest leaves one core to itself, which on two cores is half of the machine.
    maxWorkers: '100%',
    sequence: { sequencer: StackInPathOrder },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,functions,test}/**/*.test.ts'],
          exclude: ['**/*.stack.test.ts', '**/*.long.test.ts', NOT_OURS],
        },
      },
      {
        extends: true,
        // Files share their modules, and with them each synthesised stage: without that half the time goes into synthesis.
        test: {
          name: 'infra',
          include: ['infra/**/*.test.ts'],
          exclude: ['**/*.stack.test.ts', '**/*.long.test.ts', NOT_OURS],
          isolate: false,
          // Whichever test of a file comes first pays for a synthesis, beside another one: seconds on a busy machine.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // Minutes of work: `npm run test:long`.
      ...(process.env['TEST_LONG'] === '1' ? [long] : []),
      {
        extends: true,
        // Everything that talks to the laptop stack: one stack for all files, one file at a time.
        test: {
          name: 'stack',
          include: ['{shared,functions,infra,test}/**/*.stack.test.ts'],
          exclude: [...OWN_STACKS, NOT_OURS],
          globalSetup: ['infra/local/testing/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'own-stacks',
          include: OWN_STACKS,
          globalSetup: ['infra/local/testing/own-stacks-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
