import type { Problem } from '../../errors/problem-error.ts';

/** What the reading of one resource has found: problems stop it, warnings tell what is left out. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Names of elements are repeated only when they can be names: a caller's text never is. */
const ELEMENT_NAME = /^_?[A-Za-z][A-Za-z0-9]{0,63}$/;

/** What `noteExtensions` tells of, and ids: no elements of a definition. */
const SILENT = ['id', 'extension', 'modifierExtension'];

/** No element that FHIR R4 defines for a request lies deeper. */
const DEEPEST = 16;

const EXTENSION_IGNORED = 'What this extension says is not carried over: compare the schedule in the report.';
const MODIFIER = 'A modifier extension could change the meaning.';
const EMPTY = 'FHIR has no empty lists: leave the element out.';

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

  /** Refuses primitive elements whose value is told by an extension only: what it is cannot be known. */
  refuseHidden(...names: readonly string[]): void {
    for (const name of names)
      if (this.has(`_${name}`) && !this.has(name))
        this.refuse(`_${name}`, 'value_in_extension', 'Send the value itself, or leave the element out.');
  }

  refuseImplicitRules(): void {
    for (const name of ['implicitRules', '_implicitRules'])
      if (this.has(name))
        this.refuse(name, 'modifier_not_supported', 'Rules that are not known could change the meaning.');
  }

  /**
   * Tells what extends this element and those within it. Extensions may be ignored; whoever does not know a modifier
   * extension must not go by the element (R4, section 2.4.1.1). `names`: only these children are looked at.
   */
  noteExtensions(names?: readonly string[], depth = 0): void {
    for (const [name, value] of this.#members) {
      const at = this.#at(name);
      if (name === 'modifierExtension') this.refuse(name, 'modifier_not_supported', MODIFIER);
      else if (Array.isArray(value) && value.length === 0) this.#refuseOnce(name, 'wrong_type', EMPTY);
      if (names && !names.includes(name.replace(/^_/, ''))) continue;
      if (name.startsWith('_') || name === 'extension') {
        this.#warnOnce(name, 'extension_ignored', EXTENSION_IGNORED);
        if (hasModifier(value)) this.refuse(name, 'modifier_not_supported', MODIFIER);
      } else if (depth < DEEPEST)
        for (const [below, child] of objectsIn(value))
          new FhirElement(child, `${at}${below}`, this.#found).noteExtensions(undefined, depth + 1);
    }
  }

  #refuseOnce(name: string, code: string, detail: string): void {
    if (!this.#found.problems.some(({ pointer }) => pointer === this.#at(name)))
      this.refuse(name, code, detail);
  }

  #warnOnce(name: string, code: string, detail: string): void {
    const at = this.#at(name);
    if (![...this.#found.problems, ...this.#found.warnings].some(({ pointer }) => pointer === at))
      this.warn(name, code, detail);
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
    this.#refuseOnce(name, 'wrong_type', `Use ${expected}, as FHIR R4 defines it.`);
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

/** The objects of a child, each with what follows the child's own pointer. */
const objectsIn = (value: unknown): readonly (readonly [string, object])[] =>
  Array.isArray(value)
    ? value.flatMap((one, index) => (isObject(one) ? [[`/${index}`, one] as const] : []))
    : isObject(value)
      ? [['', value]]
      : [];

const hasModifier = (value: unknown): boolean =>
  objectsIn(value).some(([, one]) => Object.hasOwn(one, 'modifierExtension'));
