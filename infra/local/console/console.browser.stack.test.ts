import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { runDemo } from '../demo/run-demo.ts';
import { issuerKeys } from '../front/issuer.ts';
import { stackFolder } from '../stack-folder.ts';
import { useStack } from '../testing/use-stack.ts';
import { installedBrowser } from './testing/browser.ts';

const executablePath = installedBrowser(process.env);
if (executablePath === undefined)
  console.warn('Skipped: the browser test needs Chromium (Debian: apt-get install chromium-headless-shell).');

/** Graphs of each dashboard in which the traffic of the demo shows. */
const WITH_DATA = {
  '': [
    'Wait from due to begun, p95 in milliseconds',
    'Waiting messages',
    'medication-reminder: execution p99',
    'refill-check: execution p99',
    'interaction-check: execution p99',
    'supply-monitor: execution p99',
    'analytics-roll-up: execution p99',
    'backup: execution p99',
    'reminder-delivery: error rate of attempts, success rate of jobs',
  ],
  '-clinical': [
    'Reminders by outcome',
    'Share of the doses that were told on time',
    'Refill checks by urgency; changes that were told',
    'Findings of interaction checks by level',
    'Interaction checks, and those that were incomplete or failed',
  ],
  '-capacity': ['Calls to AWS per job, everything included', 'Calls to KMS'],
} as const;

describe.skipIf(executablePath === undefined)('the dashboards after the demo', () => {
  const s = useStack();
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const folder = stackFolder(inject('laptopFolder'));
    const { privateJwk } = await issuerKeys(folder);
    const { asExpected } = await runDemo(s.stack, privateJwk, () => undefined);
    if (!asExpected) throw new Error('The demo did not end as expected.');
    // As root, as on many a CI, Chromium has no sandbox; it opens one page of this machine.
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await s.resetHooks();
    await browser?.close();
  });

  const open = async (name: string) => {
    await page.goto(`${s.stack.frontUrl}/console#${name}`);
    await page.locator('#status', { hasText: `${name},` }).waitFor();
  };
  const graph = (title: string) =>
    page.locator('.widget.metric').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

  test.each(Object.entries(WITH_DATA))('of medication-jobs-local%s are drawn', async (suffix, titles) => {
    await open(`medication-jobs-local${suffix}`);
    for (const title of titles) {
      // Metrics follow their log lines by some seconds; the page refreshes itself.
      const plot = graph(title).locator('canvas');
      await plot.waitFor({ timeout: 20_000 });
      expect(await inkedPixels(page, title), title).toBeGreaterThan(0);
    }
    const empty = await page
      .locator('.widget.metric:not(:has(canvas)):not(:has(.notes))')
      .locator('h2')
      .allTextContents();
    expect(empty).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('composite alarms follow from their parts; what nobody evaluates here is not shown as OK', async () => {
    await open('medication-jobs-local');
    const whole = page.locator('.widget.alarm').filter({ hasText: 'Alarms: the whole' });
    // The one part of the API's looks at API Gateway, which the laptop's AWS does not measure.
    expect(await whole.locator('.notes').textContent()).toBe(
      '1 of 4 alarms are not evaluated on the laptop.',
    );
    // All kinds at each of their priorities; the endpoints and the API as a whole look at API Gateway.
    const measured = JOB_KINDS.flatMap(({ priorities }) => priorities).length;
    const parts = `${measured} of ${measured + PUBLIC_KINDS.length + 1}`;
    const texts = await whole.locator('li').allTextContents();
    expect(texts.toSorted()).toEqual([
      expect.stringMatching(/^Objectivereminderburnfast: (OK|ALARM), by 2 of 2 parts$/),
      expect.stringMatching(/^Objectivereminderburnslow: (OK|ALARM), by 2 of 2 parts$/),
      'Summaryapifailing: not evaluated on the laptop',
      expect.stringMatching(new RegExp(`^Summarykindfailing: (OK|ALARM), by ${parts} parts$`)),
    ]);
    expect(await page.locator('.state-ok').count()).toBeGreaterThan(0);
  });

  test('what has not come is said, and nothing looks fresh that is old', async () => {
    await open('medication-jobs-local-capacity');
    await page.route('**/console/dashboards.json', (route) => route.abort());
    await page.locator('#status.failed', { hasText: 'What is shown is old.' }).waitFor({ timeout: 15_000 });
    await page.unroute('**/console/dashboards.json');
    await page.locator('#status:not(.failed)').waitFor({ timeout: 15_000 });
    expect(await page.locator('.widget.metric').count()).toBeGreaterThan(5);
  });
});

/** Pixels of a graph in the colours of its first lines: axes, grid and limits do not count. */
const inkedPixels = (page: Page, title: string): Promise<number> =>
  page
    .locator('.widget.metric')
    .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
    .locator('canvas')
    .evaluate((canvas) => {
      const colours = ['31,119,180', '255,127,14', '44,160,44', '148,103,189'];
      // Runs in the page, whose types this project's programs do not know.
      const { width, height, getContext } = canvas as unknown as {
        width: number;
        height: number;
        getContext(kind: '2d'): { getImageData(...area: number[]): { data: Uint8ClampedArray } };
      };
      const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4)
        if (colours.includes(`${data[at]},${data[at + 1]},${data[at + 2]}`)) count++;
      return count;
    });
