import { Logger } from '@aws-lambda-powertools/logger';
import { LOG_EVENTS, LOG_FIELDS, type LogEvent } from '../contract/log-events.ts';
import { METRICS_SERVICE } from '../contract/metrics.ts';
import type { Log, LogFields } from '../operations/ports.ts';

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);

/** Structured lines from the catalogue. A field outside the allow-list is dropped before anything is written. */
export function createLog(options: { readonly serviceName?: string } = {}): Log {
  const logger = new Logger({ serviceName: options.serviceName ?? METRICS_SERVICE, logLevel: 'INFO' });
  const line = (event: LogEvent, fields: LogFields = {}) => ({
    ...allowed(fields),
    event,
    message: LOG_EVENTS[event],
  });
  return {
    info: (event, fields) => logger.info(line(event, fields)),
    warn: (event, fields) => logger.warn(line(event, fields)),
    error: (event, fields) => logger.error(line(event, fields)),
  };
}

/** Allow-listed names with plain values. Whoever passes something else by mistake loses it here, not in the log. */
const allowed = (fields: LogFields): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      ALLOWED.has(name) && value !== undefined && typeof value !== 'object' ? [[name, value]] : [],
    ),
  );
