import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStage } from '#infra/stage-context.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import {
  accessRules,
  defaultPurposes,
  emergencyAccess,
  jobScopes,
  purposes,
  responseMembers,
  sights,
} from './builders/access-parts.ts';
import { events, picture, priorities, reminderEvents, routes, stages } from './builders/document-parts.ts';
import { createAllRolesIssuer, createSubmitBench } from './builders/submit-bench.ts';

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

const decisions = (): string =>
  DOCUMENTS.filter((file) => /^docs\/adr\/\d{4}-/.test(file))
    .map((file) => `- [${/^# (.+)$/m.exec(textOf(file))?.[1]}](${file.slice('docs/adr/'.length)})`)
    .join('\n');

describe('what the documents show of the code', () => {
  it.each([
    ['docs/lifecycle.md', 'states', picture],
    ['docs/lifecycle.md', 'events', events],
    ['docs/lifecycle.md', 'priorities', priorities],
    ['docs/records.md', 'reminder-events', reminderEvents],
    ['docs/adr/README.md', 'adrs', decisions],
    ['docs/access.md', 'access-rules', accessRules],
    ['docs/access.md', 'job-scopes', jobScopes],
    ['docs/access.md', 'break-glass', emergencyAccess],
    ['docs/access.md', 'sights', sights],
    ['docs/access.md', 'response-members', responseMembers],
    ['docs/access.md', 'purposes', purposes],
    ['docs/access.md', 'default-purposes', defaultPurposes],
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

it('the request on the first screen is accepted, and answered as shown there', async () => {
  const shown = textOf('README.md');
  const [, kindName = ''] = /\/jobs\/([a-z-]+) \\\n/.exec(shown) ?? [];
  const [, body = ''] = /-d '([^']+)'/.exec(shown) ?? [];
  const [, subject = ''] = /token -- --role patient --sub (\S+)\)/.exec(shown) ?? [];
  const [, answer = ''] = /```json\n([\s\S]*?)```/.exec(shown) ?? [];
  const kind = kindsByName().get(kindName);
  if (!kind) throw new Error(`The README shows a request for "${kindName}", which is no kind.`);
  const bench = createSubmitBench(kind, await createAllRolesIssuer());
  const made = await bench.post(JSON.parse(body), { role: 'patient', subject });
  const text = JSON.stringify(made.body).replaceAll(made.body.job_id, JSON.parse(answer).job_id);
  const { created_at, due_at } = JSON.parse(answer);
  expect(made.status).toBe(202);
  expect({ ...JSON.parse(text), created_at, due_at }).toEqual(JSON.parse(answer));
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

/** Proofs that a text names: a file and, in quotes, titles of cases in it. */
const proofsIn = (text: string) =>
  [...text.matchAll(/`([\w./-]+\.(?:test\.ts|json))`: ("[^"]+"(?: · "[^"]+")*)/g)].flatMap(
    ([, file = '', titles = '']) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
  );

const missingProofs = (text: string) =>
  proofsIn(text).filter(({ file, title }) => !existsSync(join(ROOT, file)) || !read(file).includes(title));

describe('the page about security', () => {
  const page = textOf('docs/security.md');
  const rowsOf = (pattern: RegExp) => page.split('\n').filter((line) => pattern.test(line));

  it('has a proof for each threat, and each of the ten of OWASP', () => {
    const rows = [...rowsOf(/^\| [STRIDE]\d \|/), ...rowsOf(/^\| API\d+ /)];
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => proofsIn(row).length === 0)).toEqual([]);
    expect(rowsOf(/^\| API\d+ /).map((row) => row.split(' ')[1])).toEqual(
      Array.from({ length: 10 }, (_, index) => `API${index + 1}`),
    );
  });

  it('goes through 164.312 clause by clause, with a proof for each', () => {
    const rows = rowsOf(/^\| \([a-e]\)\(/).concat(rowsOf(/^\| \([bd]\) /));
    expect(rows).toHaveLength(12);
    expect(rows.filter((row) => proofsIn(row).length === 0)).toEqual([]);
  });

  it('names only tests that exist, by their titles', () => {
    expect(missingProofs(page)).toEqual([]);
  });
});

describe('the hazard log', () => {
  const log = textOf('docs/safety.md');
  const rows = log.split('\n').filter((line) => /^\| H\d+ \|/.test(line));

  it('has a proof for each hazard, and each number once', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => proofsIn(row).length === 0)).toEqual([]);
    const numbers = rows.map((row) => row.split(' ')[1]);
    expect(numbers).toEqual(numbers.map((_, index) => `H${index + 1}`));
  });

  it('names only tests that exist, by their titles', () => {
    expect(missingProofs(log)).toEqual([]);
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
      const needed = { stage: 'prod', defaultTimeZone: 'America/New_York', alarmsElsewhere: 'true' };
      return new Map(Object.entries(needed)).get(key);
    });
    // Where the bundles lie is the build's own business.
    asked.delete('bundles');
    expect(firstColumn('### Context values').sort()).toEqual([...asked].sort());
  });

  it('every environment variable in the configuration table is read by code', () => {
    const sources = globSync('infra/**/*.{ts,mjs}', { cwd: ROOT }).filter((file) => !file.includes('.test.'));
    const code = sources.map(read).join('\n');
    const isRead = (name: string) => code.includes(`['${name}']`) || code.includes(`process.env.${name}`);
    expect(firstColumn('### Environment variables').filter((name) => !isRead(name))).toEqual([]);
  });

  /** Names in the first column of the table under a heading of the README. */
  function firstColumn(heading: string): string[] {
    const section = textOf('README.md').split(`\n${heading}\n`)[1]?.split(/\n#+ /)[0] ?? '';
    const names = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
    expect(names, `the table under ${heading}`).not.toEqual([]);
    return names;
  }
});
