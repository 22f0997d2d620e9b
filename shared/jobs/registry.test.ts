import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { TIMING_PROFILES } from '../lifecycle/priority.ts';
import { JOB_KINDS, kindsByName, PUBLIC_KINDS } from './registry.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });

it('has the six kinds of the specification and its internal ones', () => {
  expect(PUBLIC_KINDS.map(({ name }) => name)).toEqual([
    'medication-reminder',
    'refill-check',
    'interaction-check',
    'supply-monitor',
    'analytics-roll-up',
    'backup',
  ]);
  expect(kindsByName().size).toBe(JOB_KINDS.length);
  expect(JOB_KINDS.filter((kind) => !kind.public).map(({ name }) => name)).toEqual([
    'reminder-delivery',
    'backup-segment',
    'backup-export',
    'backup-export-files',
    'supply-sweep',
    'schedule-update',
    'import',
    'import-chunk',
    'interaction-recheck',
    'break-glass-notice',
    'restore-drill',
  ]);
});

describe.each(JOB_KINDS)('$name', (kind) => {
  const validate = ajv.compile(kind.schema);
  const { example } = kind;

  it('accepts its example', () => {
    expect(validate(example)).toBe(true);
  });

  it('refuses unknown members and missing ones', () => {
    expect(validate({ ...example, unknown_member: 1 })).toBe(false);
    const { [Object.keys(example)[0] ?? '']: _, ...rest } = example;
    expect(validate(rest)).toBe(false);
  });

  it('refuses ids of other shapes', () => {
    const ids = ['user_id', 'medication_id'].filter((member) => member in example);
    const wrong = ['', 'a b', 'a/b', 'a\u0000', 'x'.repeat(65), 'é', 7, null, ['p1']];
    const accepted = ids.flatMap((id) => wrong.filter((value) => validate({ ...example, [id]: value })));
    expect(accepted).toEqual([]);
  });

  it('fits its time budget below the worker timeout of every priority that it allows', () => {
    const timeouts = kind.priorities.map((one) => TIMING_PROFILES.standard[one].workerTimeoutSeconds);
    expect(kind.timeBudgetSeconds).toBeLessThan(Math.min(...timeouts));
    expect(kind.priorities).toContain(kind.defaultPriority);
  });

  it('can be submitted exactly when it is public', () => {
    expect(kind.submitRoles.length > 0).toBe(kind.public);
    expect(kind.executionObjective.reason).not.toBe('');
  });
});
