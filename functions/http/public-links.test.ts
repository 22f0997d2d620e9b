import { describe, expect, it } from 'vitest';
import { apiEvent } from '#test/builders/api-event.ts';
import { jsonAnswer } from './api-answer.ts';
import { publicLinks } from './public-links.ts';

const SELF = '/api/v1/jobs/01M856VSB7PBN2NSWK04TNX4FH';
const JOB = { job_id: 'x', links: { self: SELF, cancel: `${SELF}/cancel` }, result: { links: 'not ours' } };

const asked = (path: string, domainName: string) => {
  const event = apiEvent();
  return { ...event, requestContext: { ...event.requestContext, path, domainName, stage: 'prod' } };
};
const OWN = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';

describe('links of an answer', () => {
  it('begin with the stage under API Gateway’s own domain', () => {
    const answer = publicLinks(
      asked('/prod/api/v1/jobs/refill-check', OWN),
      jsonAnswer(202, JOB, { location: SELF }),
    );
    expect(answer.headers['location']).toBe(`/prod${SELF}`);
    expect(answer.body).toEqual({
      ...JOB,
      links: { self: `/prod${SELF}`, cancel: `/prod${SELF}/cancel` },
    });
  });

  it('of every job of a list do', () => {
    const answer = publicLinks(asked('/prod/api/v1/jobs/', OWN), jsonAnswer(200, { jobs: [JOB, JOB] }));
    expect(answer.body).toMatchObject({
      jobs: [{ links: { self: `/prod${SELF}` } }, { links: { self: `/prod${SELF}` } }],
    });
  });

  it('begin with the base path of a domain of the deployer’s', () => {
    const answer = publicLinks(
      asked('/meds/api/v1/jobs/refill-check', 'api.clinic.example'),
      jsonAnswer(202, JOB),
    );
    expect(answer.body).toMatchObject({ links: { self: `/meds${SELF}` } });
  });

  it.each([
    ['a domain without a base path', '/api/v1/jobs/refill-check', 'api.clinic.example'],
    ['a front that hides the stage', '/prod/api/v1/jobs/refill-check', '127.0.0.1'],
    ['a path that is not ours', '/prod/else', OWN],
  ])('stay as they are under %s', (_name, path, domain) => {
    const answer = jsonAnswer(202, JOB, { location: SELF });
    expect(publicLinks(asked(path, domain), answer)).toEqual(answer);
  });
});
