/** The same for upper and lower case, also where there is more than one of them: ß, µ. */
export const folded = (text: string): string => text.toUpperCase().toLowerCase();

/** Every form in which a text could stand somewhere and be read by whoever looks, folded. */
export function formsOf(text: string): readonly string[] {
  const utf8 = Buffer.from(text);
  const forms = [
    text,
    text.normalize('NFD'),
    encodeURIComponent(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    JSON.stringify(text).slice(1, -1),
    JSON.stringify(JSON.stringify(text)).slice(3, -3),
    escaped(text),
    htmlText(text),
    // What takes UTF-8 for Latin-1, as headers do.
    utf8.toString('latin1'),
    text.replaceAll(/\s+/g, '_'),
    text.replaceAll(/\s+/g, '-'),
    utf8.toString('hex'),
    ...base64Forms(utf8),
    ...digitsOf(text),
  ];
  return [...new Set(forms.map(folded))];
}

/** Beyond ASCII as `\u0416`, as some writers of JSON do. */
const escaped = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

const htmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** In the middle of other bytes a text has one of three forms, of which the first and last characters depend on these. */
function base64Forms(utf8: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), utf8]);
    const from = Math.ceil((before * 4) / 3);
    const whole = padded.toString('base64').slice(from, Math.floor((padded.length * 4) / 3));
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** A number by itself, however it was grouped. */
function digitsOf(text: string): string[] {
  const digits = text.replaceAll(/\D/g, '');
  return digits.length >= 9 ? [digits] : [];
}
