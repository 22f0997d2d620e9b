import { readFileSync } from 'node:fs';

/**
 * A JSON file that lies beside the code that asks for it: `data/` of its folder in the sources, `data/` of the function
 * in a bundle. Read when it is first needed, because most workers never check an interaction.
 * @throws the given error when there is no such file, or no JSON in it
 */
export function readDataFile(
  name: string,
  beside: string,
  Failure: new (message: string, options: ErrorOptions) => Error,
): unknown {
  try {
    return JSON.parse(readFileSync(new URL(`./data/${name}.json`, beside), 'utf8'));
  } catch (cause) {
    throw new Failure(`The data file ${name}.json cannot be read`, { cause });
  }
}
