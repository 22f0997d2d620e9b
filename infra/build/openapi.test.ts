import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ROUTES, submitPath } from '#shared/contract/routes.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { openApiDocument } from './openapi.ts';

const includes = (list: readonly object[], one: object) =>
  list.some((other) => JSON.stringify(other) === JSON.stringify(one));

const document = JSON.parse(JSON.stringify(openApiDocument()));

describe('the OpenAPI document', () => {
  it('is a valid one', async () => {
    const { valid, errors } = await new Validator().validate(document);
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('names every route with its method, and no other', () => {
    const expected = [
      ...PUBLIC_KINDS.map(({ name }) => `post ${submitPath(name)}`),
      ...Object.values(ROUTES).map(({ method, path }) => `${method.toLowerCase()} ${path}`),
    ];
    const named = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(named.sort()).toEqual(expected.sort());
  });

  it('describes every problem code', () => {
    const text = JSON.stringify(document.components.responses);
    const missing = Object.keys(PROBLEMS).filter((code) => !text.includes(`:${code}:`));
    expect(missing).toEqual([]);
  });

  it('takes what is said of the use with every request', () => {
    const operations = Object.values<object>(document.paths).flatMap((methods) => Object.values(methods));
    const refs = ['PurposeOfUse', 'OnBehalfOf'].map((name) => ({ $ref: `#/components/parameters/${name}` }));
    expect(operations.filter(({ parameters }) => !refs.every((one) => includes(parameters, one)))).toEqual(
      [],
    );
  });

  it('says by which time jobs are listed: ended ones are not listed by when they were made', () => {
    const { parameters } = document.paths[ROUTES.listJobs.path].get;
    const from = parameters.find(({ name }: { name?: string }) => name === 'from');
    expect(from.description).toContain('for staff, of those that have ended');
  });

  it('takes each kind’s own schema for the body, with priority and run_at', () => {
    for (const { name, schema } of PUBLIC_KINDS) {
      const body = document.paths[submitPath(name)].post.requestBody.content['application/json'].schema;
      const { properties } = JSON.parse(JSON.stringify(schema));
      expect(Object.keys(body.properties)).toEqual([...Object.keys(properties), 'priority', 'run_at']);
      expect(body.additionalProperties).toBe(false);
    }
  });
});
