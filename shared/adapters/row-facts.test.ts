import { expect, it } from 'vitest';
import { sampleJob } from '#test/contracts/sample-jobs.ts';
import { FIXED_MEMBERS } from '../evidence/job-row-facts.ts';
import { rowItem } from './job-row-item.ts';
import { FACT_ATTRIBUTES, rowFacts } from './row-facts.ts';

const { row } = sampleJob({ userRef: 'user-ref', rowSalt: 'salt', expiresAt: '2031-05-06T08:00:00.000Z' });

/** As a read that asks for these attributes only. */
const projected = (item: ReturnType<typeof rowItem>) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => FACT_ATTRIBUTES.includes(name)));

it('are all that a chain is held against, and nothing else of the row', () => {
  const facts = rowFacts(projected(rowItem(row, 1)));
  const names = [...FIXED_MEMBERS, 'status', 'rowSalt', 'chainSeq', 'chainHash'] as const;
  expect(facts).toEqual(
    Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]])),
  );
});

it.each([
  ['another patient’s list', { userMonth: { S: 'other-ref#2031-05' } }],
  ['another month', { userSort: { S: '2030-01-01T00:00:00.000Z#job' } }],
])('tell of a row that stands in %s', (_, attributes) => {
  expect(rowFacts({ ...rowItem(row, 1), ...attributes })).toMatchObject({ misplaced: true });
});

it('tell of a row about nobody that a patient’s list leads to, and of one that no list leads to', () => {
  const { userRef: _nobody, ...others } = row;
  const { userMonth = { S: '' }, userSort: _sort, ...unlisted } = rowItem(row, 1);
  expect(rowFacts(rowItem(others, 1))).not.toHaveProperty('misplaced');
  expect(rowFacts({ ...rowItem(others, 1), userMonth })).toMatchObject({ misplaced: true });
  expect(rowFacts(unlisted)).toMatchObject({ misplaced: true });
});

it('are not guessed where a row lacks one', () => {
  const { createdAt: _gone, ...rest } = rowItem(row, 1);
  expect(() => rowFacts(rest)).toThrow("no usable member 'createdAt'");
});
