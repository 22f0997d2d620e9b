/** In characters. RxNorm's longest packs have fewer; what is longer costs seconds to read and is no name. */
export const LONGEST_TEXT = 2000;

/**
 * One spelling for everything that looks the same on a screen: NFKC, no invisible characters, no trade marks, no
 * accents, no quotation marks, one kind of dash, apostrophe and space, lower case.
 */
export function normalise(text: string): string {
  return (
    text
      // Before NFKC, which would turn the trade-mark sign into the letters "tm".
      .replace(/[®™©℠]/gu, ' ')
      .normalize('NFKC')
      // Format and control characters apart from blanks, and the empty braille pattern, show nothing either.
      .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]|[^\P{Cc}\s\u0085]/gu, '')
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .normalize('NFC')
      .toLowerCase()
      .replace(/[\p{Pd}−]/gu, '-')
      .replace(/⁄/gu, '/')
      .replace(/[‘’ʼ´`′]/gu, "'")
      .replace(/["“”„«»]/gu, ' ')
      .replace(/[\p{Cc}\p{Z}\s]+/gu, ' ')
      .trim()
  );
}

/**
 * The form under which names are stored and looked up: differences of punctuation between two ways of writing one
 * name (`Toprol-XL`, `toprol xl`) disappear; no letter or digit ever does.
 */
export const lookupKey = (normalised: string): string =>
  normalised
    .replace(/['.]/gu, '')
    .replace(/[-_/,;:()[\]+&*!]+/gu, ' ')
    .replace(/ {2,}/gu, ' ')
    .trim();
