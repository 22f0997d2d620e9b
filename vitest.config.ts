import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,functions,infra,test}/**/*.test.ts'],
          exclude: ['**/*.stack.test.ts', '**/node_modules/**'],
        },
      },
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
