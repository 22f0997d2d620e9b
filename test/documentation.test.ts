import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStage } from '#infra/stage-context.ts';
import {
  leaseSeconds,
  maxAttempts,
  PRIORITIES,
  PRIORITY_NAMES,
  TIMING_PROFILES,
} from '#shared/lifecycle/priority.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { isTerminal, STATUSES, TRANSITIONS } from '#shared/lifecycle/transitions.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT }).sort()];
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const TEXTS = new Map(DOCUMENTS.map((file) => [file, read(file)]));
const textOf = (file: string): string => TEXTS.get(file) ?? '';
/** Code blocks hold brackets and hashes that are neither links nor headings. */
const prose = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

/** The part of a document that is made from the code: from its mark to the next end mark. */
function generatedIn(file: string, name: string): string {
  const text = textOf(file);
  const found = new RegExp(`<!-- generated: ${name} -->\\n([\\s\\S]*?)\\n?<!-- end -->`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${file} has no part "<!-- generated: ${name} -->".`);
  return found.trim();
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The state diagram; several events between the same two states share one arrow. */
function picture(): string {
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

const events = (): string =>
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

const priorities = (): string =>
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

const decisions = (): string =>
  DOCUMENTS.filter((file) => /^docs\/adr\/\d{4}-/.test(file))
    .map((file) => `- [${/^# (.+)$/m.exec(textOf(file))?.[1]}](${file.slice('docs/adr/'.length)})`)
    .join('\n');

/** A job endpoint takes the kind's roles; the other routes what their rule says, about a patient or about nobody. */
const routes = (): string =>
  table(
    ['request', 'who', 'priorities, default first'],
    [
      ...PUBLIC_KINDS.map(({ name, submitRoles, priorities: allowed, defaultPriority }) => [
        `\`POST ${submitPath(name)}\``,
        rolesIn(submitRoles),
        [defaultPriority, ...allowed.filter((one) => one !== defaultPriority)].join(', '),
      ]),
      ...Object.entries(ROUTES).map(([name, { method, path, token }]) => {
        const { ofPatient, ofNobody } = ROUTE_ACCESS[name as keyof typeof ROUTES];
        const who = token ? rolesIn([...Object.keys(ofPatient), ...ofNobody]) : 'everybody';
        return [`\`${method} ${path}\``, who, ''];
      }),
    ],
  );
const rolesIn = (names: readonly string[]): string => ROLES.filter((role) => names.includes(role)).join(', ');

const stages = (): string => {
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
      row('backups kept', ({ backupDays }) => `${backupDays} days`),
    ],
  );
};

describe('what the documents show of the code', () => {
  it.each([
    ['docs/lifecycle.md', 'states', picture],
    ['docs/lifecycle.md', 'events', events],
    ['docs/lifecycle.md', 'priorities', priorities],
    ['docs/adr/README.md', 'adrs', decisions],
    ['README.md', 'routes', routes],
    ['README.md', 'stages', stages],
  ])('%s, part "%s", is what stands in the code', (file, name, make) => {
    const right = make();
    // On a difference the right text is shown whole, ready to be pasted.
    expect(generatedIn(file, name), `The part should be:\n\n${right}\n`).toBe(right);
  });

  it('every decision has number, context, decision, consequences and alternatives', () => {
    const incomplete = DOCUMENTS.filter((file) => /^docs\/adr\/\d{4}-/.test(file)).filter((file) => {
      const headings = [...textOf(file).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      const numbered = textOf(file).startsWith(`# ${Number(file.slice('docs/adr/'.length).slice(0, 4))}. `);
      return !numbered || headings.join() !== 'Context,Decision,Consequences,Alternatives';
    });
    expect(incomplete).toEqual([]);
  });
});

describe('links', () => {
  const anchorsOf = (file: string): readonly string[] =>
    [...prose(textOf(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  it('relative ones lead to a file and, with an anchor, to a heading in it', () => {
    const broken = DOCUMENTS.flatMap((file) =>
      [...prose(textOf(file)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => {
          const [path = '', anchor] = target.split('#');
          const found = path === '' ? file : relative(ROOT, join(ROOT, dirname(file), path));
          if (!existsSync(join(ROOT, found))) return true;
          return anchor !== undefined && !anchorsOf(found).includes(anchor);
        })
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('the index of docs leads to every document', () => {
    const index = textOf('docs/README.md');
    const missing = DOCUMENTS.filter(
      (file) => /^docs\/[^/]+\.md$/.test(file) && file !== 'docs/README.md',
    ).filter((file) => !index.includes(`](${file.slice('docs/'.length)})`));
    expect(missing).toEqual([]);
  });
});

describe('names', () => {
  const named = (pattern: RegExp): readonly { file: string; name: string }[] =>
    DOCUMENTS.flatMap((file) => [...textOf(file).matchAll(pattern)].map(([, name = '']) => ({ file, name })));

  it('every npm script that is named exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const scriptsNamed = [...named(/npm run ([a-z][\w:-]*)/g), ...named(/npm (start|test)\b/g)];
    expect(scriptsNamed.length).toBeGreaterThan(5);
    expect(scriptsNamed.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('every file and folder of the project that is named exists', () => {
    const paths = named(/`((?:shared|functions|infra|test|docs)\/[\w./-]*[\w/])`/g);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter(({ name }) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('the table of context values names exactly those that a deployment reads', () => {
    const asked = new Set<string>();
    readStage((key) => {
      asked.add(key);
      return key === 'stage' ? 'prod' : key === 'defaultTimeZone' ? 'America/New_York' : undefined;
    });
    // Where the bundles lie is the build's own business.
    asked.delete('bundles');
    expect(firstColumn('### Context values').sort()).toEqual([...asked].sort());
  });

  it('every environment variable in the configuration table is read by code', () => {
    const sources = globSync('infra/**/*.{ts,mjs}', { cwd: ROOT }).map(read).join('\n');
    const unread = firstColumn('### Environment variables').filter(
      (name) => !sources.includes(`process.env['${name}']`) && !sources.includes(`process.env.${name}`),
    );
    expect(unread).toEqual([]);
  });

  /** Names in the first column of the table under a heading of the README. */
  function firstColumn(heading: string): string[] {
    const section = textOf('README.md').split(`\n${heading}\n`)[1]?.split(/\n#+ /)[0] ?? '';
    const names = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
    expect(names, `the table under ${heading}`).not.toEqual([]);
    return names;
  }
});
