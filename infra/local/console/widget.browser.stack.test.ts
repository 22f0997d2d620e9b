import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useStack } from '../testing/use-stack.ts';
import { installedBrowser } from './testing/browser.ts';

const executablePath = installedBrowser(process.env);
const KIND = 'interaction-check';
const USER = 'widget-patient';

describe.skipIf(executablePath === undefined)('a poisoned job', () => {
  const s = useStack();
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const asked: string[] = [];
  let jobId = '';

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await page.goto(`${s.stack.frontUrl}/console#medication-jobs-local`);
  });
  afterAll(async () => {
    await s.resetHooks();
    await browser?.close();
  });

  const widget = () => page.locator('.widget.custom');
  const drawAnew = async () => {
    await widget().getByRole('button', { name: 'Draw anew' }).click();
    await widget().locator('h3').first().waitFor();
  };
  const line = () => widget().locator('tr').filter({ hasText: jobId });
  const popup = () => page.locator('dialog').last();
  const closePopup = () => popup().getByRole('button', { name: 'Close' }).click();

  test('walks through its retries into failed', async () => {
    const token = await s.token('patient', USER);
    s.fault(KIND, 'error', 4);
    const answer = await s.call('POST', `/jobs/${KIND}`, {
      token,
      body: { user_id: USER, medications: ['warfarin', 'aspirin'] },
    });
    jobId = String(Object(answer.body).job_id);
    await s.waitForJob(jobId, token, ['retrying']);
    const failed = await s.waitForJob(jobId, token, ['failed'], 60);
    expect(failed).toMatchObject({ attempt_count: 4, error_code: 'injected_fault' });
  });

  test('and its alarm shows', async () => {
    const alarm = page.locator('.widget.alarm li', { hasText: /^Flowdeadlettershigh: ALARM/ });
    await alarm.waitFor({ timeout: 90_000 });
    expect(await alarm.getAttribute('title')).toContain('docs/runbook.md#dead-letters');
  });

  test('is shown with its reason, and nobody without a token can do anything about it', async () => {
    await drawAnew();
    expect(await line().textContent()).toMatch(/interaction-check.*HIGH.*failed.*injected_fault.*4 of 4/);
    expect(await widget().textContent()).not.toContain(USER);
    await line().getByRole('button', { name: 'Retry' }).click();
    await popup().getByText('…').waitFor({ state: 'detached' });
    expect(await popup().textContent()).toContain('Nothing was done');
    await closePopup();
  });

  test('the trail is not shown to an operator, and the page has said so before', async () => {
    asked.length = 0;
    await widget()
      .locator('input[name=token]')
      .fill(await s.token('operator', 'widget-operator'));
    await line().getByRole('button', { name: 'Audit' }).click();
    await popup().getByText('…').waitFor({ state: 'detached' });
    expect(asked).toEqual([expect.stringContaining('the token of an auditor')]);
    expect(await popup().textContent()).toContain('Refused (403 forbidden)');
    await closePopup();
  });

  test('the rate of retrying all of a reason is chosen', async () => {
    await widget().getByRole('button', { name: 'Retry all of this reason' }).click();
    await popup().getByText('…').waitFor({ state: 'detached' });
    expect(await popup().getByRole('button', { name: 'a second' }).allTextContents()).toEqual([
      'Retry 1, 1 a second',
      'Retry 1, 5 a second',
      'Retry 1, 20 a second',
    ]);
    await closePopup();
  });

  test('a patient’s token is refused by the API, in its own words', async () => {
    await widget()
      .locator('input[name=token]')
      .fill(await s.token('patient', 'somebody-else'));
    await line().getByRole('button', { name: 'Retry' }).click();
    await popup().getByText('…').waitFor({ state: 'detached' });
    expect(await popup().textContent()).toContain('Refused (404 not_found)');
    await closePopup();
  });

  test('is redriven with an operator’s token, and succeeds', async () => {
    await widget()
      .locator('input[name=token]')
      .fill(await s.token('operator', 'widget-operator'));
    await line().getByRole('button', { name: 'Retry' }).click();
    await popup().getByText('…').waitFor({ state: 'detached' });
    expect(await popup().textContent()).toContain('Retried.');
    await closePopup();
    await s.waitForJob(jobId, await s.token('patient', USER), ['succeeded']);
    await drawAnew();
    expect(await line().count()).toBe(0);
    expect(await widget().locator('input[name=token]').inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  test('and its trail names the operator', async () => {
    const token = await s.token('auditor', 'widget-auditor');
    const found: string[] = [];
    let cursor = '';
    // Every look at the job while it was waited for is an entry, too: they take more than one page.
    do {
      const { body } = await s.call('GET', `/jobs/${jobId}/audit?limit=100${cursor}`, { token });
      const page: { entries: { action: string; actor: { role: string } }[]; next_cursor?: string } =
        Object(body);
      found.push(...page.entries.map(({ action, actor }) => `${action} by ${actor.role}`));
      cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(found).toContain('job.redriven by operator');
  });
});
