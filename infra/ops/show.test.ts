import { expect, it } from 'vitest';
import { dosesText } from './show.ts';

const doses = (more: boolean) => ({
  doses_due: { from: 'A', to: 'B', count: 42, more, by_hour: [{ count: 3 }] },
  deliveries_that_may_expire: { count: 0, more: false },
});

it('an estimate is "about", a count that was not ended "at least", and nothing is both', () => {
  expect(dosesText(doses(false))).toContain('about 42 from A to B');
  expect(dosesText(doses(true))).toContain(', at least 42 from A to B');
});
