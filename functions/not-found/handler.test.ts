import { describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { notFound } from './handler.ts';

const { deps } = recordingApiDeps();
const call = (method: string, path: string) =>
  apiHandler(deps, notFound)(apiEvent({ method, path }), lambdaContext());

describe('notFound', () => {
  it.each([
    ['PUT', '/jobs', 'GET'],
    ['GET', '/jobs/refill-check', 'POST'],
    ['PATCH', '/jobs/{job_id}', 'GET'],
    ['GET', '/jobs/{job_id}/cancel', 'POST'],
    ['GET', '/users/{user_id}/medications/{medication_id}', 'DELETE'],
    ['POST', '/health', 'GET'],
  ])('%s %s is 405 and names %s', async (method, path, allow) => {
    const answer = await call(method, path);
    expect(answer.statusCode).toBe(405);
    expect(answer.headers).toMatchObject({ allow, 'content-type': 'application/problem+json' });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'method_not_allowed' });
  });

  it('tells a kind that does not exist from a job that does not take this method', async () => {
    const post = (jobId: string) =>
      apiHandler(deps, notFound)(
        apiEvent({ path: '/jobs/{job_id}', pathParameters: { job_id: jobId } }),
        lambdaContext(),
      );
    expect((await post('pill-counting')).statusCode).toBe(404);
    expect((await post('01JZZZZZZZZZZZZZZZZZZZZZZZ')).statusCode).toBe(405);
  });

  it.each(['/{proxy+}', '/users', '/users/{user_id}', '/users/{user_id}/medications', ''])(
    'GET %s is 404',
    async (path) => {
      const answer = await call('GET', path);
      expect(answer.statusCode).toBe(404);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found' });
    },
  );
});
