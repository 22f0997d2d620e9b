import { LEVELS, type Level, VERIFICATIONS, type Verification } from './level.ts';
import { ReferenceDataError } from './reference-data.ts';

/** Reads one JSON object of a data file; every problem names the place and what was expected there. */
export class JsonReader {
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #place: string;

  constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ReferenceDataError(`${place}: an object is expected`);
    }
    this.#fields = new Map(Object.entries(value));
    this.#place = place;
  }

  #fail(field: string, expected: string): never {
    throw new ReferenceDataError(`${this.#place}: "${field}" has to be ${expected}`);
  }

  text(field: string, fallback?: string): string {
    const value = this.#fields.get(field) ?? fallback;
    return typeof value === 'string' && value !== '' ? value : this.#fail(field, 'a text');
  }

  has(field: string): boolean {
    return this.#fields.has(field);
  }

  optionalText(field: string): string | null {
    return this.has(field) ? this.text(field) : null;
  }

  flag(field: string): boolean {
    const value = this.#fields.get(field) ?? false;
    return typeof value === 'boolean' ? value : this.#fail(field, 'true or false');
  }

  count(field: string): number {
    const value = this.#fields.get(field);
    return typeof value === 'number' && Number.isInteger(value) && value > 0
      ? value
      : this.#fail(field, 'a whole number above 0');
  }

  level(field: string): Level {
    const value = this.#fields.get(field);
    return LEVELS.find((level) => level === value) ?? this.#fail(field, `one of ${LEVELS.join(', ')}`);
  }

  verification(field: string, fallback?: string): Verification {
    const value = this.#fields.get(field) ?? fallback;
    return (
      VERIFICATIONS.find((known) => known === value) ??
      this.#fail(field, `one of ${VERIFICATIONS.join(', ')}`)
    );
  }

  texts(field: string): readonly string[] {
    return this.#array(field).map((item) =>
      typeof item === 'string' ? item : this.#fail(field, 'a list of texts'),
    );
  }

  objects(field: string): readonly JsonReader[] {
    return this.#array(field).map((item, index) => new JsonReader(item, `${this.#place} ${field}[${index}]`));
  }

  /** Absent means none. */
  #array(field: string): readonly unknown[] {
    const value: unknown = this.#fields.get(field) ?? [];
    return Array.isArray(value) ? value : this.#fail(field, 'a list');
  }

  /** Names with a text each, which may be empty. */
  table(field: string): Readonly<Record<string, string>> {
    const table = this.child(field);
    return Object.fromEntries(
      [...table.#fields].map(([name, text]) =>
        typeof text === 'string' ? [name, text] : table.#fail(name, 'a text'),
      ),
    );
  }

  child(field: string): JsonReader {
    return new JsonReader(this.#fields.get(field), `${this.#place} ${field}`);
  }

  fields(): readonly string[] {
    return [...this.#fields.keys()];
  }
}
