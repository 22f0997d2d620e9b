import { type NameData, NameDataError } from './lexicon.ts';

const isTable = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((text) => typeof text === 'string');

const isNameData = (json: unknown): json is NameData =>
  typeof json === 'object' &&
  json !== null &&
  'version' in json &&
  typeof json.version === 'string' &&
  'date' in json &&
  typeof json.date === 'string' &&
  'products' in json &&
  isTable(json.products) &&
  'synonyms' in json &&
  isTable(json.synonyms) &&
  'ambiguous' in json &&
  isTable(json.ambiguous) &&
  'rxcui' in json &&
  isTable(json.rxcui);

/** @throws NameDataError when a file is no file of names */
export function nameDataOf(json: unknown): NameData {
  if (!isNameData(json))
    throw new NameDataError('A file of names has to hold version, date and four tables of texts');
  return json;
}
