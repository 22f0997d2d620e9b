import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HIGH_ALERT_RULES } from './check-high-alert.ts';
import type { FrequencyLimit } from './rule.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'clinical.md');

const limitOf = (limit: FrequencyLimit): string => {
  if ('mostDosesPerDay' in limit) return `${limit.mostDosesPerDay} a day`;
  const days = limit.shortestIntervalHours / 24;
  return days < 7 ? `${limit.shortestIntervalHours} h` : `${days} d`;
};

it('the table of the page is the table of the code', () => {
  const rows = HIGH_ALERT_RULES.map(({ id, ingredients, limit, source, strengthsMg }) => {
    const product = [ingredients.join(' + '), strengthsMg && `${strengthsMg.join(', ')} mg`]
      .filter(Boolean)
      .join(', ');
    const cited = `[${source.document}](${source.url}), ${source.version}, read ${source.readOn}`;
    return `| \`${id}\` | ${product} | ${limitOf(limit)} | ${cited} | \`${source.verification}\` |`;
  });
  const head = ['| rule | product | at most every | source | |', '|---|---|---|---|---|'];
  const right = [...head, ...rows].join('\n');
  const page = /<!-- generated: high-alert -->\n([\s\S]*?)\n?<!-- end -->/.exec(readFileSync(PAGE, 'utf8'));
  expect(page?.[1], `The part should be:\n\n${right}\n`).toBe(right);
});
