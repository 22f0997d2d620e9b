import { describe, expect, it } from 'vitest';
import { schema as reminder } from '#shared/jobs/medication-reminder/schema.ts';
import { NAME_FORM } from '#shared/jobs/schema-members.ts';
import { schema as medication } from '#shared/operations/bodies/medication.ts';
import { schemaProblems } from './schema-problems.ts';
import { submitSchema } from './submit-schema.ts';
import { compile } from './validators.ts';

const validators = {
  reminder: compile(submitSchema(reminder)),
  medication: compile(medication),
};
const bodies = {
  reminder: (name: string) => ({
    user_id: 'u',
    medication_id: 'm',
    schedule: { frequency: 'daily', medication_name: name },
  }),
  medication: (name: string) => ({ name }),
};
const pointers = { reminder: '/schedule/medication_name', medication: '/name' };

describe.each(['reminder', 'medication'] as const)('the name of a %s', (where) => {
  const problems = (name: string) =>
    validators[where](bodies[where](name)) ? [] : schemaProblems(validators[where].errors ?? []);

  it.each([
    ['right-to-left override', 'Take 2 tablets now to make up\u202e '],
    ['isolate', 'aspirin \u2066100 mg\u2069'],
    ['Arabic letter mark', 'aspirin\u061c'],
    ['zero width space', 'aspi\u200brin'],
    ['soft hyphen', 'aspi\u00adrin'],
    ['byte order mark', '\ufeffaspirin'],
    ['line separator', 'aspirin\u2028take two'],
    ['paragraph separator', 'aspirin\u2029take two'],
    ['line feed', 'aspirin\ntake two'],
    ['filler', '\u3164'],
    ['tag', 'aspirin\u{e0041}'],
    ['private use', 'aspirin\ue000'],
    ['only spaces', '  '],
  ])('is refused with a clear sentence: %s', (_, name) => {
    expect(problems(name)).toEqual([{ pointer: pointers[where], code: 'wrong_format', detail: NAME_FORM }]);
  });

  it('is bounded', () => {
    expect(problems('a'.repeat(200))).toEqual([]);
    expect(problems('a'.repeat(201))).toMatchObject([{ pointer: pointers[where], code: 'too_long' }]);
  });

  it.each([
    'lisinopril 10 mg tablet',
    'Ácido acetilsalicílico',
    'パラセタモール',
    'डोलो 650',
    'خافض الحرارة',
  ])('is taken in any script: %s', (name) => {
    expect(problems(name)).toEqual([]);
  });
});
