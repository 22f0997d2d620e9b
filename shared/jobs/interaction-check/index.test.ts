import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { example } from './example.ts';
import { interactionCheck } from './index.ts';
import { process } from './process.ts';
import { schema } from './schema.ts';

const NOW = '2026-11-23T20:55:41.000Z';
const accepts = new Ajv2020().compile(schema);
const body = (medications: unknown, more: object = {}) => ({ user_id: 'patient-1', medications, ...more });

describe('body', () => {
  it.each([
    [body(['warfarin'])],
    [body(Array.from({ length: 30 }, (_, index) => `drug ${index}`))],
    [body(['a'.repeat(200)])],
    [body(['Toprol-XL® 50 µg/24 h (Ä)'])],
    [body(['warfarin'], { include_current: true, minimum_level: 'moderate' })],
  ])('accepts %j', (value) => {
    expect(accepts(value)).toBe(true);
  });

  it.each([
    ['no medication', body([])],
    ['thirty-one medications', body(Array.from({ length: 31 }, () => 'x'))],
    ['an empty entry', body(['warfarin', ''])],
    ['a blank entry', body(['warfarin', '   '])],
    ['an entry of invisible characters', body(['\u200B\u00AD\u3164'])],
    ['an entry of a blank that is no space', body(['\u2800'])],
    ['a control character', body(['warf\u0007arin'])],
    ['a line break', body(['warfarin\nibuprofen'])],
    ['201 characters', body(['a'.repeat(201)])],
    ['something else than a text', body([42])],
    ['something else than a list', body('warfarin')],
    ['an unknown field', body(['warfarin'], { include_all: true })],
    ['a level that is none', body(['warfarin'], { minimum_level: 'severe' })],
    ['a text for a truth value', body(['warfarin'], { include_current: 'yes' })],
    ['no medication beside the current ones', body([], { include_current: true })],
    ['an id of another shape', { ...body(['warfarin']), user_id: 'a b' }],
    ['no user', { medications: ['warfarin'] }],
  ])('refuses %s', (_, value) => {
    expect(accepts(value)).toBe(false);
  });
});

describe('interaction-check', () => {
  const world = new KindBench(NOW).world();
  const run = (medications: string[]) =>
    process({ payload: { user_id: 'patient-1', medications }, attempt: 1 }, world);

  it('runs at HIGH unless asked otherwise, never at LOW', () => {
    expect(interactionCheck).toMatchObject({
      name: 'interaction-check',
      public: true,
      defaultPriority: 'HIGH',
    });
    expect([...interactionCheck.priorities].sort()).toEqual(['CRITICAL', 'HIGH', 'MEDIUM']);
    expect([...interactionCheck.submitRoles].sort()).toEqual(
      ['caregiver', 'clinician', 'patient', 'pharmacist', 'service'].sort(),
    );
  });

  it('has an example that the schema accepts and that gives a finding', async () => {
    expect(accepts(interactionCheck.example)).toBe(true);
    const done = await process({ payload: example, attempt: 1 }, world);
    expect(done).toMatchObject({
      end: 'succeeded',
      result: { outcome: 'findings', findings: [{ level: 'contraindicated' }] },
      summary: 'findings: 1 contraindicated, 1 pairs compared',
    });
  });

  it('is about the user of the body', () => {
    expect(interactionCheck.open(interactionCheck.example).userId).toBe('patient-demo');
  });

  it('sums up in counts, without a name', async () => {
    const done = await run(['Zocor', 'clarithromycin', 'warfrin', 'echinacea']);
    expect(done).toMatchObject({
      summary: 'incomplete: 1 contraindicated, 1 unrecognised, 1 not assessed, 3 pairs compared',
    });
  });

  it('tells roll-ups counts and codes, without a name', async () => {
    const done = await run(['Zocor', 'clarithromycin', 'warfrin', 'echinacea']);
    expect(done).toMatchObject({
      facts: {
        outcome: 'incomplete',
        by_level: { contraindicated: 1, major: 0, moderate: 0, minor: 0 },
        interruptive: 1,
        entries: 4,
        unrecognised: 1,
        not_assessed: 1,
      },
    });
  });

  it('answers plain JSON', async () => {
    const done = await run(['Zocor', 'clarithromycin', 'warfrin']);
    const { result } = { result: {}, ...done };
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});
