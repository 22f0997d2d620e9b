import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ICruiseResult } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const ARGUMENTS = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json'];

describe('rooms', () => {
  it('import only what their room allows', async () => {
    const { stdout } = await promisify(execFile)(
      'node_modules/.bin/depcruise',
      [...ARGUMENTS, 'shared', 'functions', 'infra', 'test'],
      { maxBuffer: 256 * 1024 * 1024 },
    );
    const { summary } = JSON.parse(stdout) as ICruiseResult; // the shape that the tool documents
    // A cruiser that cannot read TypeScript sees nothing and objects to nothing.
    expect(summary.totalCruised).toBeGreaterThan(200);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  }, 60_000);
});
