import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

/** Runs `npm run local` as a person does, with arguments that are refused before anything is looked at or moved. */
const local = (...given: string[]) =>
  new Promise<{ code: unknown; told: string }>((resolve) => {
    execFile(process.execPath, ['infra/local/main.ts', ...given], (error, _out, told) => {
      resolve({ code: error?.code ?? 0, told });
    });
  });

it.each(['-PT5X', '--P1D', 'soon'])(
  'clock advance takes %s for a duration that cannot be read',
  async (text) => {
    const { code, told } = await local('clock', 'advance', text);
    expect(code).toBe(1);
    expect(told).toBe(`"${text}" is no duration. Write it like PT90S, PT2H30M or P1DT12H.\n`);
  },
);

it('clock set refuses a day that does not exist', async () => {
  const { code, told } = await local('clock', 'set', '2026-02-30T08:00:00Z');
  expect(code).toBe(1);
  expect(told).toBe('"2026-02-30T08:00:00Z" is no instant. The calendar has no such day.\n');
});
