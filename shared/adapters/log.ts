import { Logger } from '@aws-lambda-powertools/logger';
import { LOG_EVENTS, type LogEvent } from '../contract/log-events.ts';
import { METRICS_SERVICE } from '../contract/metrics.ts';
import { redactedFields } from '../evidence/log-redaction.ts';
import type { Log, LogFields } from '../operations/ports.ts';

/** Structured lines from the catalogue. A field outside the allow-list is dropped, and a value that has not its form replaced. */
export function createLog(options: { readonly serviceName?: string } = {}): Log {
  const logger = new Logger({ serviceName: options.serviceName ?? METRICS_SERVICE, logLevel: 'INFO' });
  const line = (event: LogEvent, fields: LogFields = {}) => ({
    ...redactedFields(fields),
    event,
    message: LOG_EVENTS[event],
  });
  return {
    info: (event, fields) => logger.info(line(event, fields)),
    warn: (event, fields) => logger.warn(line(event, fields)),
    error: (event, fields) => logger.error(line(event, fields)),
  };
}
