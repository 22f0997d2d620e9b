import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, validatorOf } from '#functions/http/validators.ts';
import { JOB_KINDS, kindsByName, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { leaseSeconds, TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { createFakeHashes } from './fakes/quiet.ts';

const JOBS = new URL('../shared/jobs/', import.meta.url);
const FILES = ['schema.ts', 'process.ts', 'index.ts', 'example.ts'];

const folders = readdirSync(JOBS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/index.ts`, JOBS)))
  .map((entry) => entry.name);

describe('the registry', () => {
  it('names every folder that defines a kind, and nothing else', () => {
    expect(JOB_KINDS.map((kind) => kind.name).sort()).toEqual(folders.sort());
    expect(kindsByName().size).toBe(JOB_KINDS.length);
  });

  it('holds the six public kinds of the specification', () => {
    expect(PUBLIC_KINDS.map((kind) => kind.name).sort()).toEqual([
      'analytics-roll-up',
      'backup',
      'interaction-check',
      'medication-reminder',
      'refill-check',
      'supply-monitor',
    ]);
  });
});

describe.each(JOB_KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  it('keeps its files where every kind keeps them', () => {
    const missing = FILES.filter((file) => !existsSync(new URL(`${name}/${file}`, JOBS)));
    expect(missing).toEqual([]);
  });

  it('runs at priorities whose worker and lease cover its time budget', () => {
    expect(kind.priorities).toContain(kind.defaultPriority);
    for (const priority of kind.priorities) {
      const timing = TIMING_PROFILES.standard[priority];
      expect(timing.workerTimeoutSeconds).toBeGreaterThanOrEqual(kind.timeBudgetSeconds);
      expect(leaseSeconds(timing)).toBeLessThan(timing.visibilitySeconds);
    }
  });

  it('has an objective with a reason, and roles exactly when it is public', () => {
    expect(kind.executionObjective.ms).toBeGreaterThan(0);
    expect(kind.executionObjective.reason).not.toBe('');
    expect(kind.submitRoles.length > 0).toBe(kind.public);
    expect(new Set(kind.submitRoles).size).toBe(kind.submitRoles.length);
  });

  it('accepts its own example and refuses an unknown field', () => {
    const validate = (kind.public ? validatorOf(name) : undefined) ?? compile(kind.schema);
    expect(validate(kind.example)).toBe(true);
    expect(validate({ ...kind.example, surprise: 1 })).toBe(false);
    expect(validate({})).toBe(false);
  });

  it('asks for facts of its own patient only', () => {
    const refs = createFakeHashes();
    const opened = kind.open(kind.example);
    const owners = new Set(opened.factKeys(refs).map((key) => key.owner));
    const expected = opened.userId === undefined ? [] : [refs.user(opened.userId)];
    expect(expected).toEqual(expect.arrayContaining([...owners]));
  });
});
