import { expect, it } from 'vitest';
import { LOG_EVENTS, LOG_FIELDS } from '#shared/contract/log-events.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';

const queries = Object.values(synthesiseStage('prod').watch.findResources('AWS::Logs::QueryDefinition')).map(
  ({ Properties }) => Properties,
);

it('asks for events and fields of the catalogue only, in the logs of every function', () => {
  const functions = Object.keys(synthesiseStage('prod').service.findResources('AWS::Lambda::Function'));
  expect(queries.length).toBeGreaterThanOrEqual(5);
  for (const { LogGroupNames, QueryString } of queries) {
    const text: string = QueryString;
    const own = LogGroupNames.filter((name: object) => JSON.stringify(name).includes('Functions'));
    expect(own.length).toBeGreaterThanOrEqual(functions.length - 5);
    const events = [...text.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, event]) => event);
    expect(events.filter((event) => !Object.hasOwn(LOG_EVENTS, event ?? ''))).toEqual([]);
    const listed = /^fields (.*)$/m.exec(text)?.[1] ?? '';
    const counted = /\bby (.*)$/m.exec(text)?.[1] ?? '';
    const words = [...listed.split(', '), ...counted.split(', ')].filter(
      (word) => word !== '' && word !== '@timestamp',
    );
    expect(words.filter((word) => word !== 'event' && !LOG_FIELDS.some((field) => field === word))).toEqual(
      [],
    );
  }
});

it('has one for why a job failed, for slow kinds and for refusals by step', () => {
  const names = queries.map(({ Name }) => Name);
  for (const name of ['why did a job fail', 'slowest kinds', 'refusals by step'])
    expect(names).toContain(`medication-jobs-prod/${name}`);
});
