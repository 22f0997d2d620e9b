import type { Problem } from '../../errors/problem-error.ts';

/** What the reading of one resource has found: problems stop it, warnings tell what is left out. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Names of elements are repeated only when they can be names: a caller's text never is. */
const ELEMENT_NAME = /^_?[A-Za-z][A-Za-z0-9]{0,63}$/;

/** Elements that carry no meaning of their own, on any element; extensions may be ignored (R4, section 2.4.1.1). */
const SILENT = ['id', 'extension'];

/**
 * One element of a FHIR resource in JSON, read child by child. A child of another type than its definition is a problem
 * with its pointer and counts as absent, so that one reading finds every fault.
 */
export class FhirElement {
  readonly pointer: string;
  readonly #found: Findings;
  readonly #members: ReadonlyMap<string, unknown>;

  constructor(value: object, pointer: string, found: Findings) {
    this.pointer = pointer;
    this.#found = found;
    this.#members = new Map(Object.entries(value));
  }

  has(name: string): boolean {
    return (this.#members.get(name) ?? undefined) !== undefined;
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'a string', isText);
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value) => typeof value === 'boolean');
  }

  number(name: string): number | undefined {
    return this.#typed(name, 'a number', (value) => typeof value === 'number');
  }

  child(name: string): FhirElement | undefined {
    const value = this.#typed(name, 'an object', isObject);
    return value && new FhirElement(value, `${this.pointer}/${name}`, this.#found);
  }

  children(name: string): readonly FhirElement[] {
    const list = this.#typed(name, 'a list of at least one object', isListOf(isObject)) ?? [];
    return list.map(
      (value, index) => new FhirElement(value, `${this.pointer}/${name}/${index}`, this.#found),
    );
  }

  texts(name: string): readonly string[] | undefined {
    return this.#typed(name, 'a list of at least one string', isListOf(isText));
  }

  /** Refuses every child that is not listed: what it means would be lost. */
  only(names: readonly string[], detail: string): void {
    for (const name of this.#members.keys())
      if (!names.includes(name) && !SILENT.includes(name)) this.refuse(name, 'element_not_supported', detail);
  }

  refuse(name: string, code: string, detail: string): void {
    this.#found.problems.push({ pointer: this.#at(name), code, detail });
  }

  warn(name: string, code: string, detail: string): void {
    this.#found.warnings.push({ pointer: this.#at(name), code, detail });
  }

  #at(name: string): string {
    return ELEMENT_NAME.test(name) ? `${this.pointer}/${name}` : this.pointer;
  }

  #typed<T>(name: string, expected: string, fits: (value: unknown) => value is T): T | undefined {
    const value = this.#members.get(name) ?? undefined;
    if (value === undefined) return undefined;
    if (fits(value)) return value;
    this.refuse(name, 'wrong_type', `Use ${expected}, as FHIR R4 defines it.`);
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf =
  <T>(fits: (value: unknown) => value is T) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.length > 0 && value.every(fits);
