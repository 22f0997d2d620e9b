import { defineConfig } from 'vitest/config';

const long = {
  extends: true as const,
  test: {
    name: 'long',
    include: ['{shared,functions,infra,test}/**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
  },
};

export default defineConfig({
  test: {
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,functions,test}/**/*.test.ts'],
          exclude: ['**/*.stack.test.ts', '**/*.long.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        // Files share their modules, and with them each synthesised stage: without that half the time goes into synthesis.
        test: {
          name: 'infra',
          include: ['infra/**/*.test.ts'],
          exclude: ['**/*.stack.test.ts', '**/*.long.test.ts', '**/node_modules/**'],
          isolate: false,
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
          globalSetup: ['infra/local/testing/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
