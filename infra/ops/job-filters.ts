import { type Command, Option } from 'commander';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { STATUSES } from '#shared/lifecycle/transitions.ts';

export interface FilterWishes {
  readonly kind?: string;
  readonly status?: string;
  readonly priority?: string;
  readonly errorCode?: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The options by which jobs are told apart; all that is given has to hold.
 * @param ended what the times mean for jobs that have ended, where those are named too
 */
export const withFilters = (command: Command, ended = ''): Command =>
  command
    .option('--kind <kind>', 'job kind')
    .addOption(new Option('--status <status>', 'state').choices(STATUSES))
    .addOption(new Option('--priority <priority>', 'priority').choices(PRIORITY_NAMES))
    .option('--error-code <code>', 'why it failed')
    .option('--from <time>', `made${ended} then or later, like 2026-11-28T14:00:00Z`)
    .option('--to <time>', `made${ended} before`);

/** As the API takes them. */
export function filterOf({ errorCode, ...wishes }: FilterWishes): Readonly<Record<string, string>> {
  const given = { ...pick(wishes), ...(errorCode !== undefined && { error_code: errorCode }) };
  return given;
}

const pick = ({ kind, status, priority, from, to }: FilterWishes): Record<string, string> => ({
  ...(kind !== undefined && { kind }),
  ...(status !== undefined && { status }),
  ...(priority !== undefined && { priority }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});
