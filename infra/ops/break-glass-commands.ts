import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { BREAK_GLASS_VERDICTS, REVIEW_STATUSES } from '#shared/evidence/break-glass.ts';
import type { Job } from './find-jobs.ts';
import { type Place, print } from './job-commands.ts';
import { objectsIn } from './ops-api.ts';
import { grantsText, jobText } from './show.ts';

interface Wishes {
  readonly json?: boolean;
}

const PATH = '/break-glass';
const PAGE = 100;

/** `list`, `show`, `review`, `revoke`: emergency access, by whoever judges it. */
export function addBreakGlassCommands(breakGlass: Command, place: Place): void {
  breakGlass
    .command('list')
    .description('uses of emergency access, neither whose data nor why; the oldest come first')
    .addOption(new Option('--status <status>', 'which ones').choices(REVIEW_STATUSES).default('open'))
    .option('--json', 'as JSON')
    .action(async ({ json, status }: Wishes & { status: string }) => {
      const api = await place();
      const grants: Job[] = [];
      for (let cursor = ''; ; ) {
        const query = new URLSearchParams({ status, limit: String(PAGE), ...(cursor && { cursor }) });
        const { body } = await api('GET', `${PATH}?${query}`);
        grants.push(...objectsIn(body, 'grants'));
        const next = body['next_cursor'];
        if (typeof next !== 'string') break;
        cursor = next;
      }
      print(json, { grants }, () => grantsText(grants));
    });

  breakGlass
    .command('show <grant_id>')
    .description('one with its patient, its holder and the reason; that you looked is recorded')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: Wishes) => {
      const { body } = await (await place())('GET', `${PATH}/${encodeURIComponent(id)}`);
      print(json, body, () => jobText(body));
    });

  breakGlass
    .command('review <grant_id>')
    .description('judges it, for good; whoever held it may not')
    .addOption(
      new Option('--verdict <verdict>', 'your verdict').choices(BREAK_GLASS_VERDICTS).makeOptionMandatory(),
    )
    // Not as an argument: other users of the machine could read it, and the shell would keep it.
    .requiredOption('--note-file <file>', 'what the verdict rests on; - reads it from the standard input')
    .option('--json', 'as JSON')
    .action(
      async (id: string, { json, noteFile, verdict }: Wishes & { noteFile: string; verdict: string }) => {
        const note = readFileSync(noteFile === '-' ? 0 : noteFile, 'utf8').trim();
        const path = `${PATH}/${encodeURIComponent(id)}/review`;
        const { body } = await (await place())('POST', path, { body: { verdict, note } });
        print(json, body, () => jobText(body));
      },
    );

  breakGlass
    .command('revoke <grant_id>')
    .description('ends it at once')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: Wishes) => {
      const { body } = await (await place())('POST', `${PATH}/${encodeURIComponent(id)}/revoke`);
      print(json, body, () => jobText(body));
    });
}
