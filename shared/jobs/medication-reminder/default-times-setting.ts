import { type DefaultTimes, readDefaultTimes } from '../../clinical/index.ts';

/**
 * The deployer's default clock times, as JSON by code: `{"BID":["09:00","21:00"]}`. Empty text: none, so that the
 * built-in ones hold.
 * @throws Error that names the entry which is wrong
 */
export function readDefaultTimesSetting(text: string): DefaultTimes | undefined {
  if (text === '') return undefined;
  const table = objectOf(text);
  for (const [code, times] of Object.entries(table)) {
    if (!isListOfTexts(times)) throw new Error(`The default times: "${code}" has no list of clock times.`);
  }
  // Every member is a list of texts, as was just seen.
  return readDefaultTimes(table as DefaultTimes);
}

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // No JSON; reported below.
  }
  throw new Error('The default times are not a JSON object like {"BID":["09:00","21:00"]}.');
}
