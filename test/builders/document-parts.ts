import { STAGES, type StageTable } from '#infra/stages.ts';
import { REMINDER_TRANSITIONS } from '#shared/clinical/index.ts';
import { ROUTES, submitPath } from '#shared/contract/routes.ts';
import { type AccessRule, ROUTE_ACCESS } from '#shared/evidence/access.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import {
  leaseSeconds,
  maxAttempts,
  PRIORITIES,
  PRIORITY_NAMES,
  TIMING_PROFILES,
} from '#shared/lifecycle/priority.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { isTerminal, STATUSES, TRANSITIONS } from '#shared/lifecycle/transitions.ts';

// The pictures and tables of the documents that are made from the code.

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The state diagram; several events between the same two states share one arrow. */
export function picture(): string {
  const arrows = new Map<string, string[]>();
  for (const [event, { from, to }] of Object.entries(TRANSITIONS))
    for (const state of from)
      arrows.set(`${state} --> ${to}`, [...(arrows.get(`${state} --> ${to}`) ?? []), event]);
  const accepted = ['scheduled', 'queued'].map((state) => `[*] --> ${state}: accept`);
  const moves = [...arrows].map(([arrow, events]) => `${arrow}: ${events.join(', ')}`);
  const ends = STATUSES.filter(isTerminal).map((state) => `${state} --> [*]`);
  const lines = [...accepted, ...moves, ...ends].map((line) => `  ${line}`);
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}

export const events = (): string =>
  table(
    ['event', 'from', 'to', 'audit entry', 'when'],
    Object.entries(TRANSITIONS).map(([event, { from, to, audit, meaning }]) => [
      `\`${event}\``,
      from.join(', '),
      to,
      event === 'claim' ? `\`${audit}\` (told by the entry that ends the attempt)` : `\`${audit}\``,
      meaning,
    ]),
  );

/** What may become of a reminder. */
export const reminderEvents = (): string =>
  table(
    ['event', 'from', 'to', 'when'],
    Object.entries(REMINDER_TRANSITIONS).map(([event, { from, to, meaning }]) => [
      `\`${event}\``,
      from.join(', '),
      to,
      meaning,
    ]),
  );

export const priorities = (): string =>
  table(
    [
      'priority',
      'retries',
      'attempts',
      'retry delay',
      'worker timeout',
      'lease',
      'laptop: delay / timeout / lease',
    ],
    PRIORITY_NAMES.map((name) => {
      const { standard, laptop } = {
        standard: TIMING_PROFILES.standard[name],
        laptop: TIMING_PROFILES.laptop[name],
      };
      const short = [laptop.visibilitySeconds, laptop.workerTimeoutSeconds, leaseSeconds(laptop)];
      return [
        name,
        String(PRIORITIES[name].maxRetry),
        String(maxAttempts(name)),
        `${standard.visibilitySeconds} s`,
        `${standard.workerTimeoutSeconds} s`,
        `${leaseSeconds(standard)} s`,
        short.map((seconds) => `${seconds} s`).join(' / '),
      ];
    }),
  );

/** A job endpoint takes the kind's roles; the other routes what their rule says, about a patient or about nobody. */
export const routes = (): string =>
  table(
    ['request', 'who', 'priorities, default first'],
    [
      ...PUBLIC_KINDS.map(({ name, submitRoles, priorities: allowed, defaultPriority }) => [
        `\`POST ${submitPath(name)}\``,
        rolesIn(submitRoles),
        [defaultPriority, ...allowed.filter((one) => one !== defaultPriority)].join(', '),
      ]),
      ...Object.entries(ROUTES).map(([name, { method, path, token }]) => {
        const { ofPatient, ofNobody, ofMaker = [] }: AccessRule = ROUTE_ACCESS[name as keyof typeof ROUTES];
        const who = token ? rolesIn([...Object.keys(ofPatient), ...ofNobody, ...ofMaker]) : 'everybody';
        return [`\`${method} ${path}\``, who, ''];
      }),
    ],
  );
const rolesIn = (names: readonly string[]): string => ROLES.filter((role) => names.includes(role)).join(', ');

export const stages = (): string => {
  const all = Object.values(STAGES) as readonly StageTable[];
  const row = (what: string, say: (stage: StageTable) => string) => [what, ...all.map(say)];
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const limit = ({ rate, burst }: { rate: number; burst: number }) => `${rate}/s, burst ${burst}`;
  return table(
    ['', ...Object.keys(STAGES).map((name) => `\`${name}\``)],
    [
      row('retry delays', ({ timing }) => (timing === 'standard' ? 'the specification’s' : 'short')),
      row('stores are kept and protected from deletion', (one) =>
        yes(one.keepStores && one.deletionProtection),
      ),
      row('point-in-time recovery', (one) => yes(one.pointInTimeRecovery)),
      row('web application firewall', (one) => yes(one.webAcl)),
      row('rule packs judge the templates', (one) => yes(one.rulePacks)),
      row('needs `defaultTimeZone`', (one) => yes(one.timeZoneRequired)),
      row('needs `alarmEmail` or `alarmsElsewhere`', (one) => yes(one.alarmReceiverRequired)),
      row(
        'shards: status index, due doses, outcomes',
        ({ shards }) => `${shards.watch}, ${shards.due}, ${shards.outcome}`,
      ),
      row('most jobs at a time: CRITICAL, HIGH, MEDIUM, LOW', ({ workerConcurrency }) =>
        PRIORITY_NAMES.map((name) => workerConcurrency[name]).join(', '),
      ),
      row('requests per method', ({ throttle }) => limit(throttle.usual)),
      row('requests per method of roll-up and backup', ({ throttle }) => limit(throttle.heavy)),
      row('requests of one address in 5 minutes', (one) =>
        one.webAcl ? String(one.requestsPerAddress) : 'no limit',
      ),
      row('backups locked for 35 days against everybody', (one) => yes(one.sealForYears)),
    ],
  );
};
