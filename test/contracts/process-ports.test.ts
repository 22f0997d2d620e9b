import { vi } from 'vitest';
import { metricsOfLine } from '#infra/local/bridge/emf.ts';
import { createLog } from '#shared/adapters/log.ts';
import { createMetricSink } from '#shared/adapters/metric-sink.ts';
import { createRandomSource } from '#shared/adapters/random-source.ts';
import { createCountingRandom, createRecordingLog, createRecordingMetrics } from '../fakes/quiet.ts';
import { logContract } from './log-contract.ts';
import { metricSinkContract } from './metric-sink-contract.ts';
import { randomSourceContract } from './random-source-contract.ts';

// These ports make no call to AWS: what they do ends in the process, or in the lines that it writes.

randomSourceContract('counting', () => createCountingRandom());
randomSourceContract('operating system', createRandomSource);

metricSinkContract('recording', () => {
  const sink = createRecordingMetrics();
  return {
    sink,
    seen: () =>
      sink.all.map(({ name, value, unit, ...dimensions }) => ({ name, unit, dimensions, values: [value] })),
  };
});

metricSinkContract('embedded metric format', () => {
  const sink = createMetricSink('dev');
  const lines = captureOutput();
  return {
    sink,
    seen: () => {
      sink.flush();
      return lines().flatMap(metricsOfLine);
    },
  };
});

logContract('recording', () => {
  const log = createRecordingLog();
  return { log, seen: () => log.all };
});

logContract('JSON lines', () => {
  const lines = captureOutput();
  return {
    log: createLog(),
    seen: () =>
      lines().map((line) => {
        const { level, event, message, timestamp, service, sampling_rate, ...fields } = JSON.parse(line);
        return { level: level.toLowerCase(), event, fields };
      }),
  };
});

/** Keeps what the process writes until the lines are asked for. */
function captureOutput(): () => string[] {
  const lines: string[] = [];
  const keep = (text: unknown) => {
    lines.push(String(text));
    return true;
  };
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(keep),
  );
  return () => {
    for (const stream of streams) stream.mockRestore();
    return lines;
  };
}
