import { describe, expect, test } from 'vitest';
import type { MetricSink } from '#shared/operations/ports.ts';

/** One set of values as a monitoring system sees it. */
export interface SeenMetric {
  readonly name: string;
  readonly unit: string | undefined;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** What every MetricSink promises. @param make a sink, and a function that gives everything that was added to it */
export function metricSinkContract(
  name: string,
  make: () => { readonly sink: MetricSink; readonly seen: () => readonly SeenMetric[] },
): void {
  /** All values under one name and set of dimensions, in order. */
  const valuesOf = (seen: readonly SeenMetric[], metric: string, dimensions: object) =>
    seen
      .filter((one) => one.name === metric && sameMembers(one.dimensions, dimensions))
      .flatMap(({ values }) => values);

  describe(`${name}: a metric sink`, () => {
    test('keeps each value under its name and dimensions, with its unit', () => {
      const { sink, seen } = make();
      const job = { kind: 'backup', priority: 'LOW' } as const;
      sink.add('execution_time', 12, 'Milliseconds', job);
      sink.add('execution_time', 7.5, 'Milliseconds', { kind: 'backup' });
      sink.add('execution_time', 30, 'Milliseconds', { priority: 'LOW', kind: 'backup' });
      sink.add('error_rate', 0, 'Count', job);
      sink.add('oldest_overdue', 90, 'Seconds', { priority: 'LOW' });
      sink.add('reconciler_repairs', 3, 'Count');

      const all = seen();
      expect(valuesOf(all, 'execution_time', job)).toEqual([12, 30]);
      expect(valuesOf(all, 'execution_time', { kind: 'backup' })).toEqual([7.5]);
      expect(valuesOf(all, 'error_rate', job)).toEqual([0]);
      expect(valuesOf(all, 'oldest_overdue', { priority: 'LOW' })).toEqual([90]);
      expect(valuesOf(all, 'reconciler_repairs', {})).toEqual([3]);
      expect(new Map(all.map((one) => [one.name, one.unit]))).toEqual(
        new Map([
          ['execution_time', 'Milliseconds'],
          ['error_rate', 'Count'],
          ['oldest_overdue', 'Seconds'],
          ['reconciler_repairs', 'Count'],
        ]),
      );
    });

    test('loses none of many values', () => {
      const { sink, seen } = make();
      const values = Array.from({ length: 250 }, (_, index) => index);
      for (const value of values) sink.add('queue_wait', value, 'Milliseconds', { kind: 'backup' });
      expect(valuesOf(seen(), 'queue_wait', { kind: 'backup' })).toEqual(values);
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY])(
      'tells %s as a failed run: as a value it would silence the metric, and those beside it',
      (value) => {
        const { sink, seen } = make();
        sink.add('oldest_overdue', value, 'Seconds', { priority: 'LOW' });
        sink.add('oldest_overdue', 7, 'Seconds', { priority: 'HIGH' });
        const all = seen();
        expect(valuesOf(all, 'oldest_overdue', { priority: 'LOW' })).toEqual([]);
        expect(valuesOf(all, 'oldest_overdue', { priority: 'HIGH' })).toEqual([7]);
        expect(valuesOf(all, 'run_failures', {})).toEqual([1]);
      },
    );

    test('has no dimension but kind and priority: an id would make a metric of its own', () => {
      const { sink, seen } = make();
      // A caller without types could pass more.
      const careless = { kind: 'backup', job_id: 'job-1' } as { kind: string };
      sink.add('dead_letters', 1, 'Count', careless);
      expect(seen().map(({ dimensions }) => dimensions)).toEqual([{ kind: 'backup' }]);
    });
  });
}

const sameMembers = (a: object, b: object): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
