import type { NameCollector } from './name-collector.ts';
import type { SourceLine, Tally } from './tally.ts';

/** The file of the Drugs@FDA data files that names products; the others tell of applications and documents. */
export const DRUGS_AT_FDA_FILES = ['PRODUCTS.TXT'] as const;

const COLUMNS = ['ApplNo', 'ProductNo', 'DrugName', 'ActiveIngredient'] as const;
type Column = (typeof COLUMNS)[number];

/** Notes of the FDA in the middle of a value: `**Federal Register determination …**`. */
const REMARK = /\*\*.*?(?:\*\*|$)/gu;

/**
 * Reads product and substance names of Drugs@FDA (`Products.txt`, tabs between columns, `;` between ingredients). Salts
 * are stripped as they are of any text. Values are not quoted in these files.
 */
export async function readDrugsAtFda(
  lines: AsyncIterable<SourceLine>,
  names: NameCollector,
  tally: Tally,
): Promise<void> {
  let columns: ReadonlyMap<Column, number> | undefined;
  let width = 0;
  for await (const line of lines) {
    tally.read();
    const fields = line.text.split('\t').map((field) => field.replaceAll(REMARK, ' ').trim());
    if (columns === undefined) {
      columns = headOf(fields);
      width = fields.length;
      if (columns) tally.skip('names of the columns');
      else
        tally.reject(line, 'malformed', `The first line names the columns; it lacks ${COLUMNS.join(', ')}.`);
      if (!columns) return;
      continue;
    }
    if (fields.length < width || fields.slice(width).some((field) => field !== '')) {
      // A tab too many or too few moves every value behind it to another column; a line that was cut may end within a combination.
      tally.reject(line, 'malformed', `The line has ${fields.length} columns, the first one names ${width}.`);
      continue;
    }
    const [brand = '', active = ''] = [
      fields[columns.get('DrugName') ?? -1],
      fields[columns.get('ActiveIngredient') ?? -1],
    ];
    if (brand === '' || active === '')
      tally.reject(line, 'missing_value', 'A product has a DrugName and an ActiveIngredient.');
    else readProduct(line, brand, active.split(';'), names, tally);
  }
}

function headOf(fields: readonly string[]): ReadonlyMap<Column, number> | undefined {
  const found = COLUMNS.map((column) => [column, fields.indexOf(column)] as const);
  return found.some(([, index]) => index < 0) ? undefined : new Map(found);
}

function readProduct(
  line: SourceLine,
  brand: string,
  active: readonly string[],
  names: NameCollector,
  tally: Tally,
): void {
  const substances = active.map((one) => one.trim());
  if (substances.includes('')) {
    tally.reject(line, 'missing_value', 'An ingredient is missing beside a semicolon.');
    return;
  }
  const members: string[] = [];
  for (const text of substances) {
    const known = names.known(text);
    const ingredient = names.newIngredient(text, 'strip');
    if (!known && ingredient === undefined) {
      tally.reject(line, 'unknown_name', `"${text}" cannot be the name of an ingredient.`);
      return;
    }
    members.push(...(known ?? (ingredient === undefined ? [] : [ingredient])));
  }
  names.claim(brand, [[...new Set(members)]], 'brand', line);
}
