import { Argument, type Command } from 'commander';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { Job } from './find-jobs.ts';
import { type Place, print } from './job-commands.ts';
import { prioritiesOf } from './priorities.ts';
import { dosesText, prioritiesText } from './show.ts';

interface Wishes {
  readonly confirm?: string;
  readonly json?: boolean;
}

const priority = () => new Argument('<priority>').choices(PRIORITY_NAMES);

/** `priorities`, `pause`, `resume`. */
export function addPriorityCommands(jobs: Command, place: Place): void {
  jobs
    .command('priorities')
    .description('what is paused, and how many jobs are open')
    .option('--json', 'as JSON')
    .action(async ({ json }: Wishes) => {
      const all = await prioritiesOf(await place());
      print(json, { priorities: all }, () => prioritiesText(all));
    });

  jobs
    .command('pause')
    .description('lets the jobs of a priority wait; CRITICAL, which carries the doses, has to be confirmed')
    .addArgument(priority())
    .option('--confirm <priority>', 'the priority once more')
    .option('--json', 'as JSON')
    .action(async (name: string, { confirm, json }: Wishes) => {
      const api = await place();
      if (name === 'CRITICAL' && confirm === undefined) {
        const critical = (await prioritiesOf(api)).find((one) => one['priority'] === name) ?? {};
        throw new Error(`${dosesText(critical) ?? ''}\nNothing was paused: --confirm CRITICAL does it.`);
      }
      const body = confirm === undefined ? {} : { body: { confirm } };
      tell(json, (await api('POST', `/priorities/${name}/pause`, body)).body);
    });

  jobs
    .command('resume')
    .description('has the jobs of a priority run again; those whose window has passed end as expired')
    .addArgument(priority())
    .option('--json', 'as JSON')
    .action(async (name: string, { json }: Wishes) =>
      tell(json, (await (await place())('POST', `/priorities/${name}/resume`)).body),
    );
}

function tell(json: boolean | undefined, answer: Job): void {
  const { priority: name, status, workers_told: told } = answer;
  const late =
    told === false ? ' Its workers were not reached yet: the reconciler does it within two minutes.' : '';
  const doses = status === 'paused' ? dosesText(answer) : undefined;
  print(json, answer, () =>
    [`${name} is ${status}.${late}`, ...(doses === undefined ? [] : [doses])].join('\n'),
  );
}
