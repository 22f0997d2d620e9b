import { expect } from 'vitest';
import { openApiDocument } from '#infra/build/openapi.ts';
import { API_PREFIX } from '#shared/contract/routes.ts';
import type { Log } from '#shared/operations/ports.ts';

const { paths } = JSON.parse(JSON.stringify(openApiDocument()));

/** The statuses that the OpenAPI document names for `METHOD /api/v1/path`; `undefined`: it knows no such operation. */
export function documentedStatuses(route: string): readonly number[] | undefined {
  const [method = '', path = ''] = route.split(' ');
  const operation = paths[path.replace(API_PREFIX, '')]?.[method.toLowerCase()];
  return operation && Object.keys(operation.responses).map(Number);
}

/** The log, by whose line of each request the running test fails when the document does not name its status. */
export function heldAgainstDocument<L extends Log>(log: L): L {
  const looking =
    (write: Log['info']): Log['info'] =>
    (event, fields = {}) => {
      const { route, http_status: status } = fields;
      const documented = typeof route === 'string' ? documentedStatuses(route) : undefined;
      if (documented && status !== undefined)
        expect
          .soft(documented, `${route} answers ${status}, which its OpenAPI part does not name`)
          .toContain(status);
      write(event, fields);
    };
  return { ...log, info: looking(log.info), error: looking(log.error) };
}
