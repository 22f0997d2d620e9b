import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { builtInLexicon } from '../names/index.ts';
import { membersOf, readClasses } from './classes.ts';
import head from './data/classes.json' with { type: 'json' };
import coverage from './data/coverage.json' with { type: 'json' };
import schema from './data/coverage.schema.json' with { type: 'json' };
import further from './data/rules-further.json' with { type: 'json' };
import { builtInRules, checkInteractions, parseReferenceData, RuleIndex } from './index.ts';
import { JsonReader } from './read-json.ts';

const classes = readClasses(new JsonReader(head, 'classes'));
const inClasses = new Set([...classes.values()].flat());
const profiles = coverage.profiles.map((profile) => ({
  ...profile,
  reason: 'reason' in profile ? profile.reason : '',
  members: [...membersOf(profile.ingredients, classes)],
}));
const rulesAbout = (ingredient: string) => builtInRules().coverageOf(ingredient);

describe('the declaration of coverage', () => {
  it('follows the schema and names known ingredients', () => {
    const validate = new Ajv2020({ formats: { date: true }, strict: false }).compile(schema);
    expect([validate(coverage), validate.errors]).toEqual([true, null]);
    const { ingredients } = builtInLexicon();
    expect([...builtInRules().data.assessed].filter((name) => !ingredients.has(name))).toEqual([]);
  });

  it('gives a reason where an ingredient belongs to no class', () => {
    const unexplained = profiles
      .filter((profile) => profile.reason === '')
      .flatMap(({ members }) => members.filter((name) => !inClasses.has(name) && rulesAbout(name) < 4));
    expect(unexplained).toEqual([]);
  });

  it('declares nobody about whom there is no rule, unless it states that none is known', () => {
    const states = (profile: object) => 'none_known' in profile;
    const bare = (list: typeof profiles) =>
      list.flatMap(({ members }) => members.filter((name) => rulesAbout(name) === 0));
    expect(bare(profiles.filter((profile) => !states(profile)))).toEqual([]);
    // The statement would be false of one that a rule names.
    const stated = profiles.filter(states);
    expect(stated.length).toBeGreaterThan(0);
    expect(bare(stated)).toEqual(stated.flatMap(({ members }) => members));
  });

  it('without a statement leaves one that no rule names unassessed', () => {
    const profile = { ingredients: 'guaifenesin', areas: 'local', reason: 'Looked at by somebody.' };
    const assessedBy = (more: object) =>
      new RuleIndex(
        parseReferenceData(head, [further], { ...coverage, profiles: [{ ...profile, ...more }] }),
      ).isAssessed('guaifenesin');
    expect([assessedBy({}), assessedBy({ none_known: true })]).toEqual([false, true]);
  });

  it('tells in the answer that no rule is about such an ingredient', () => {
    const { outcome, assessed } = checkInteractions(['guaifenesin', 'lisinopril']);
    expect(outcome).toBe('none_found');
    expect(assessed).toContainEqual({ ingredient: 'guaifenesin', rules: 0 });
  });

  it.each([
    ['black cohosh', 'metformin'],
    ['kava', 'amlodipine'],
    ['auranofin', 'amlodipine'],
    ['acetylcysteine', 'lisinopril'],
  ])('is incomplete: %s with %s', (one, other) => {
    expect(checkInteractions([one, other]).outcome).toBe('incomplete');
  });

  it.each([
    ['amoxicillin', 'paracetamol'],
    ['levothyroxine', 'metformin'],
    ['cetirizine', 'amlodipine'],
    ['latanoprost', 'metformin'],
    ['omeprazole', 'gabapentin'],
  ])('still answers none found: %s with %s', (one, other) => {
    expect(checkInteractions([one, other])).toMatchObject({ outcome: 'none_found', not_assessed: [] });
  });
});
