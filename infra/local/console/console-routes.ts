import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerJson, answerProblem } from '../front/answers.ts';
import type { ShownDashboard } from './show-dashboard.ts';

export const CONSOLE_PATH = '/console';

export interface ConsoleParts {
  readonly dashboards: () => Promise<readonly string[]>;
  readonly dashboard: (name: string, minutes: number | undefined) => Promise<ShownDashboard>;
}

const PAGE = join(dirname(fileURLToPath(import.meta.url)), 'page');
const require = createRequire(import.meta.url);
const CHARTS = dirname(require.resolve('uplot'));

/** Every file that the page is made of; nothing else is served. */
const FILES: Readonly<Record<string, readonly [file: string, contentType: string]>> = {
  '': [join(PAGE, 'console.html'), 'text/html; charset=utf-8'],
  '/console.mjs': [join(PAGE, 'console.mjs'), 'text/javascript; charset=utf-8'],
  '/console.css': [join(PAGE, 'console.css'), 'text/css; charset=utf-8'],
  '/charts.js': [join(CHARTS, 'uPlot.iife.min.js'), 'text/javascript; charset=utf-8'],
  '/charts.css': [join(CHARTS, 'uPlot.min.css'), 'text/css; charset=utf-8'],
};

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const LONGEST_MINUTES = 14 * 24 * 60;

/** Serves the page and what it draws: `/console`, its files, `/console/dashboards.json` and one JSON per dashboard. */
export async function serveConsole(parts: ConsoleParts, url: URL, response: ServerResponse): Promise<void> {
  const path = url.pathname.slice(CONSOLE_PATH.length);
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (file) {
    const content = await readFile(file[0]);
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': file[1] }).end(content);
    return;
  }
  if (path === '/dashboards.json') return answerJson(response, await parts.dashboards());
  const [, asked] = /^\/dashboards\/([\w-]+)\.json$/.exec(path) ?? [];
  if (asked === undefined) return answerProblem(response, 404, 'not_found', 'The console has no such page.');
  const minutes = readMinutes(url.searchParams.get('minutes'));
  if (minutes === 'unreadable')
    return answerProblem(
      response,
      400,
      'minutes_unreadable',
      `minutes is a whole number from 1 to ${LONGEST_MINUTES}.`,
    );
  // A name that the stack does not have is refused here: it must not reach the emulator.
  const name = (await parts.dashboards()).find((one) => one === asked);
  if (name === undefined) return answerProblem(response, 404, 'not_found', 'There is no such dashboard.');
  answerJson(response, await parts.dashboard(name, minutes));
}

function readMinutes(text: string | null): number | undefined | 'unreadable' {
  if (text === null) return undefined;
  const minutes = Number(text);
  return /^\d+$/.test(text) && minutes >= 1 && minutes <= LONGEST_MINUTES ? minutes : 'unreadable';
}
