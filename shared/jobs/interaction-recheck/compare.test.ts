import { expect, it } from 'vitest';
import { compare } from './compare.ts';

const check = (outcome: string, ...findings: (readonly [string, string])[]) => ({
  outcome,
  findings: findings.map(([level, about]) => ({ kind: 'pair', level, ingredients: about.split('+') })),
});
const NOTHING = {
  outcome: false,
  newlyContraindicated: false,
  newlyMajor: false,
  noLongerContraindicated: false,
  noLongerMajor: false,
};
const MAJOR = check('findings', ['major', 'a+b']);

it.each([
  ['the same finding', MAJOR, MAJOR, {}],
  [
    'a finding that is lower now',
    check('findings', ['contraindicated', 'a+b']),
    MAJOR,
    { noLongerContraindicated: true, newlyMajor: true },
  ],
  [
    'a finding about others',
    MAJOR,
    check('findings', ['major', 'a+c']),
    { newlyMajor: true, noLongerMajor: true },
  ],
  ['a finding that is gone', MAJOR, check('none_found'), { outcome: true, noLongerMajor: true }],
  ['a check that could not be made', MAJOR, check('error'), { outcome: true }],
  [
    'a finding that none looks for',
    check('findings', ['minor', 'a+b']),
    check('findings', ['moderate', 'a+b']),
    {},
  ],
])('tells of %s', (_, before, after, changes) => {
  expect(compare(before, after)).toEqual({ ...NOTHING, ...changes });
});
