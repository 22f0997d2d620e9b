/** A letter, a short code or a number between the dots of an abbreviation: `q`, `h`, `q8`, `4`, `8h`, `mo`. */
const PART = String.raw`(?:[a-z]\d{0,4}|\d{1,4}[a-z]{0,2})`;
const DOTTED = new RegExp(String.raw`^${PART}(?:\.(?:[a-z]{1,3}\d{0,4}|\d{1,4}[a-z]{0,2}))+\.?$`);

/**
 * Lower case, single spaces, and the dots of abbreviations taken out (`B.I.D.`, `b. i. d.`, `q.4.h`, `prn.`); a dot
 * between digits stays, so that `1.5 times` and `q1.5h` are not read as 15.
 */
export function plainWords(text: string): string {
  const words = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[ \t\u00a0]+/g, ' ');
  const joined = words.replace(/\. (?=[a-z0-9]{1,4}\b)/g, '.');
  if (DOTTED.test(joined) && /[a-z]/.test(joined) && !/\d\.\d/.test(joined))
    return joined.replaceAll('.', '');
  return words.replace(/(?<=[a-z])\.$/, '');
}
