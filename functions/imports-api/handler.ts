import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import { demandCompliance } from '#functions/http/demand-compliance.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { type ReadParameter, readQuery } from '#functions/http/read-query.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { getImport } from '#shared/operations/get-import.ts';
import { logWithFields } from '#shared/operations/log-with-fields.ts';
import type { HasRoom } from '#shared/operations/ports.ts';
import { importRole, submitImport } from '#shared/operations/submit-import.ts';
import { readImport } from './read-import.ts';

export type ImportsApiDeps = Pick<
  Engine,
  'store' | 'audit' | 'schedules' | 'records' | 'queue' | 'refs' | 'random' | 'metrics' | 'log' | 'kinds'
> &
  CallerDeps & { readonly probes: ComplianceProbes; readonly hasRoom: HasRoom };

/** `POST /imports` and `GET /imports/{import_id}`. */
export const importsApi =
  (parts: ImportsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const log = logWithFields(parts.log, { correlation_id: exchange.correlationId });
    const deps = { ...parts, log };
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    switch (routeNameOf(event)) {
      case 'submitImport':
        return submit(deps, event, exchange, caller);
      case 'getImport':
        return report(deps, event, exchange, caller);
      default:
        throw new ProblemError('not_found', 'There is nothing under this path.');
    }
  };

/** As a job endpoint: form, role, compliance, business rules (line by line, by the job), evidence. */
async function submit(
  deps: ImportsApiDeps,
  event: ApiEvent,
  exchange: Exchange,
  caller: Caller,
): Promise<ApiAnswer> {
  const input = readImport(event);
  exchange.step = 'authorize';
  const role = importRole(caller, exchange);
  const checks = await demandCompliance(deps.probes, caller, exchange);
  exchange.step = 'recordAcceptance';
  const body = await submitImport(deps, { ...input, caller, role, checks }, exchange);
  exchange.jobId = String(body['import_id']);
  return jsonAnswer(202, body, { location: linkOf(body) });
}

const linkOf = ({ links }: Awaited<ReturnType<typeof submitImport>>): string => String(Object(links).self);

async function report(
  deps: ImportsApiDeps,
  event: ApiEvent,
  exchange: Exchange,
  caller: Caller,
): Promise<ApiAnswer> {
  const importId = pathId(event, 'import_id');
  exchange.jobId = importId;
  refuseBody(event);
  const { limit, cursor } = readQuery(event, { limit: LIMIT, cursor: CURSOR });
  exchange.step = 'authorize';
  const query = { limit: Number(limit ?? MOST_LINES), ...(cursor !== undefined && { cursor }) };
  return jsonAnswer(200, await getImport(deps, caller, importId, query, exchange));
}

const MOST_LINES = 100;
const LIMIT: ReadParameter = (text) =>
  /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_LINES
    ? { value: text }
    : { fault: { code: 'invalid_value', detail: `Use a whole number from 1 to ${MOST_LINES}.` } };
const CURSOR: ReadParameter = (text) =>
  /^[A-Za-z0-9_-]{1,64}$/.test(text)
    ? { value: text }
    : { fault: { code: 'invalid_cursor', detail: 'Begin again without a cursor.' } };
