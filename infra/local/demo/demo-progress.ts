import { Listr } from 'listr2';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ENDED } from './demo-job.ts';
import type { DemoResult, WatchJob } from './run-demo.ts';

/** Shows one line per kind while the demo runs, then one for the reminder. */
export async function withDemoProgress(run: (watch: WatchJob) => Promise<DemoResult>): Promise<DemoResult> {
  const listeners = new Map<string, (status: string) => void>();
  const running = run((kind, status) => listeners.get(kind)?.(status));
  const lines = PUBLIC_KINDS.map(({ name }) => ({
    title: name,
    task: (_: unknown, line: { title: string }) =>
      new Promise<void>((resolve, reject) => {
        listeners.set(name, (status) => {
          line.title = `${name}: ${status}`;
          if (status.startsWith('refused')) reject(new Error(line.title));
          else if (status === 'succeeded') resolve();
          else if (ENDED.has(status)) reject(new Error(line.title));
        });
        // Whatever ends the demo ends its lines, also those of jobs that were never submitted.
        running.then(() => resolve(), reject);
      }),
  }));
  const reminder = {
    title: 'one reminder fires',
    task: async () => {
      const { published } = await running;
      if (published === undefined) throw new Error('No reminder was published.');
    },
  };
  await new Listr([...lines, reminder], {
    concurrent: true,
    exitOnError: false,
    // Whoever called decides what a Ctrl-C means.
    registerSignalListeners: false,
  }).run();
  return running;
}
