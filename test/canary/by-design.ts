import { PLANTED } from './planted.ts';

/** Where a planted text may be read by whoever is let in there, and why that is meant to be so. */
export interface ByDesign {
  readonly file: RegExp;
  readonly path: RegExp;
  /** Of the planted texts; all unless said. */
  readonly only?: readonly string[];
  readonly why: string;
}

export const BY_DESIGN: readonly ByDesign[] = [
  {
    file: /^published\.ndjson$/,
    path: /^message\.(detail\.)?(user_id|medication_id|caregiver_ids)$/,
    why: 'A subscriber has to know of whom and of what it is told, by the ids of the application that chose them.',
  },
  {
    file: /^published\.ndjson$/,
    path: /^message\.(detail\.)?(text\.title|text\.body|channels)$/,
    why: 'What the patient is shown, and by which channel: the medication is named only as the patient wishes.',
  },
  {
    file: /^objects\.ndjson$/,
    // The objects of a backup, and where its manifest says that they lie.
    path: /^(key|body(\.(s3Prefix|\w+S3Key|dataS3Prefix|prefix|manifest_key|tables\.files_key))?)$/,
    only: [PLANTED.codes[3]],
    why: 'A backup lies under the prefix that an operator chose; what looks like a number of a person is refused.',
  },
];

/** Whether a text may stand there. */
export const isByDesign = (leak: { readonly file: string; readonly path: string; readonly text: string }) =>
  BY_DESIGN.some(
    ({ file, path, only }) =>
      file.test(leak.file) && path.test(leak.path) && (only === undefined || only.includes(leak.text)),
  );
