/** One reason to refuse a path: what it looks like, its code, and what to do. The first that fits is told. */
interface PathRefusal {
  readonly fits: RegExp;
  readonly code: string;
  readonly detail: string;
}

/** Any other fault is one of the form: it leads nowhere. */
const OTHER_BUCKET: PathRefusal = {
  fits: /^[a-z][a-z0-9+.-]*:/i,
  code: 'other_bucket',
  detail: 'Must be a prefix inside the backup bucket, without a scheme, an ARN or a drive.',
};

const REFUSALS: readonly PathRefusal[] = [
  { fits: /^$/, code: 'empty_path', detail: 'Must name a prefix.' },
  OTHER_BUCKET,
  { fits: /^[/\\~]/, code: 'absolute_path', detail: 'Must be relative: it may not begin with a slash.' },
  {
    fits: /%/,
    code: 'encoded_characters',
    detail: 'Must be written plainly: percent-encoding is not decoded and not accepted.',
  },
  { fits: /\.\./, code: 'parent_segment', detail: 'May not contain two dots in a row.' },
  {
    fits: /[^A-Za-z0-9._=/-]/,
    code: 'character_not_allowed',
    detail: 'May contain letters A-Z, digits, ".", "_", "=", "-" and "/" as separator only.',
  },
  { fits: /\/\//, code: 'empty_segment', detail: 'May not contain two slashes in a row.' },
  {
    fits: /(^|\/)[^A-Za-z0-9]/,
    code: 'segment_start',
    detail: 'Each part between slashes must begin with a letter or a digit.',
  },
  { fits: /[^/]{65}/, code: 'segment_too_long', detail: 'Each part may have at most 64 characters.' },
  { fits: /(\/[^/]+){8}/, code: 'too_many_segments', detail: 'May have at most 8 parts.' },
  {
    // Object keys are not encrypted and appear in logs, so nothing that can stand for a person belongs there.
    fits: /\d{9}|(?<!\d)\d{3}[-._]\d{2,3}[-._]\d{4}(?!\d)/,
    code: 'looks_like_identifier',
    detail: 'May not contain what looks like a phone, social security or record number.',
  },
];

/** A path without its trailing slash, or why it is refused. Never repeats the path. */
export function checkPath(
  path: string,
): { readonly ok: true; readonly path: string } | { readonly ok: false; code: string; detail: string } {
  const refusal = REFUSALS.find(({ fits }) => fits.test(path));
  if (refusal) return { ok: false, code: refusal.code, detail: refusal.detail };
  return { ok: true, path: path.replace(/\/$/, '') };
}

/** Whether a path names another bucket than the deployment's own, whatever else is wrong with it. */
export const namesOtherBucket = (path: string): boolean => OTHER_BUCKET.fits.test(path.trimStart());
