import { normalise } from '../names/normalise.ts';
import { packIn } from '../names/packs.ts';
import { stripForms, stripSalts, stripStrengths } from '../names/strip.ts';

/**
 * The substances that the name of a concept lists (`ibuprofen 200 MG / zorbexil 5 MG Oral Tablet [Duozor]`), salts of
 * one substance once; of a pack those of its parts.
 * @param known what the data below makes of a name
 */
export function substancesIn(
  name: string,
  known: (text: string) => readonly string[] | undefined,
): ReadonlySet<string> {
  const text = normalise(name).replace(/\s*\[[^\]]*\]$/u, '');
  const products = packIn(normalise(name))?.parts ?? [text];
  const names = new Set(
    products
      .flatMap((product) => product.split(' / '))
      .map((part) => stripForms(stripStrengths(part)))
      .map((part) => known(part)?.join('+') ?? stripSalts(part).at(-1) ?? part),
  );
  return new Set([...names].filter((name) => ![...names].some((other) => name.startsWith(`${other} `))));
}
