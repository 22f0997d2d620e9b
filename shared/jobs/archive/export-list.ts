import { PermanentError } from '../../errors/attempt-error.ts';
import { isObject } from './backup-manifest.ts';

/** One file of an export, as DynamoDB's own list tells of it: it names no size and no SHA-256. */
export type ExportedFile = {
  readonly key: string;
  readonly items: number;
  /** Base64. */
  readonly md5: string;
  readonly etag?: string;
};

/**
 * Where an export writes below its prefix; the last part of its ARN is its id.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export const exportFolder = (prefix: string, arn: string): string =>
  `${prefix}/AWSDynamoDB/${arn.slice(arn.lastIndexOf('/') + 1)}/`;

export const exportedData = (folder: string): string => `${folder}data/`;
export const exportList = (folder: string): string => `${folder}manifest-files.json`;

/**
 * The files that `manifest-files.json` lists, in its order. Only their names are taken: they lie in the folder of the export.
 * @throws PermanentError `export_unreadable` when a line names no file
 */
export function readExportList(bytes: Uint8Array | undefined, folder: string): readonly ExportedFile[] {
  if (!bytes) throw unreadable();
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line !== '').map((line) => readLine(line, folder));
}

function readLine(line: string, folder: string): ExportedFile {
  const json = parsed(line);
  if (!isObject(json)) throw unreadable();
  const { itemCount: items, md5Checksum: md5, etag, dataFileS3Key: key } = json;
  if (typeof key !== 'string' || typeof items !== 'number' || typeof md5 !== 'string') throw unreadable();
  const name = key.slice(key.lastIndexOf('/') + 1);
  return { key: `${exportedData(folder)}${name}`, items, md5, ...(typeof etag === 'string' && { etag }) };
}

function parsed(line: string) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const unreadable = (): PermanentError =>
  new PermanentError('export_unreadable', 'The list of files of an export is missing or cannot be read.');
