import { GTS_MEANINGS, GTS_SYSTEM } from '../frequency-vocabulary.ts';
import type { FhirElement } from './element.ts';
import { DATE_FORM, localDateOf } from './local-date.ts';
import { isSameFrequency, type ReadFrequency, readFrequency } from './read-frequency.ts';

export interface ReadTiming extends Partial<ReadFrequency> {
  readonly start_date?: string;
  readonly end_date?: string;
}

/** Elements of `Timing.repeat` with a counterpart; every other one would change when doses are due. */
const REPEAT_ELEMENTS = [
  'boundsPeriod',
  'frequency',
  'period',
  'periodUnit',
  'dayOfWeek',
  'timeOfDay',
  'when',
] as const;

const NO_COUNTERPART =
  'This element changes when doses are due and has no counterpart here: send the schedule as NDJSON.';

/** What a `Timing` says, as far as it could be read; problems and warnings are noted on the way. */
export function readTiming(timing: FhirElement): ReadTiming {
  timing.only(['repeat', 'code'], NO_COUNTERPART);
  const repeat = timing.child('repeat');
  repeat?.only(REPEAT_ELEMENTS, NO_COUNTERPART);
  const byRepeat = repeat && readFrequency(repeat);
  const byCode = gtsCodeOf(timing);
  if (byRepeat && byCode !== undefined && !isSameFrequency(byRepeat.frequency, byCode))
    timing.refuse(
      'code',
      'contradiction',
      'The code and the repeat say different frequencies: send one of them.',
    );
  const bounds = repeat?.child('boundsPeriod');
  bounds?.refuseHidden('start', 'end');
  return {
    ...(byRepeat ?? (byCode === undefined ? {} : { frequency: byCode })),
    ...dateOf(bounds, 'start', 'start_date'),
    ...dateOf(bounds, 'end', 'end_date'),
  };
}

/** Only codes of GTSAbbreviation count: what a local code means is not written anywhere. */
export function gtsCodeOf(timing: FhirElement): string | undefined {
  const codings = timing.child('code')?.children('coding') ?? [];
  const codes = codings
    .filter((coding) => coding.text('system') === GTS_SYSTEM)
    .map((coding) => coding.text('code') ?? '');
  const known = codes.filter((code) => Object.hasOwn(GTS_MEANINGS, code));
  return new Set(known).size === 1 && known.length === codes.length ? known[0] : undefined;
}

function dateOf<Name extends 'start_date' | 'end_date'>(
  bounds: FhirElement | undefined,
  element: string,
  name: Name,
): { readonly [N in Name]?: string } | undefined {
  if (!bounds?.has(element)) return undefined;
  const date = localDateOf(bounds, element);
  if (date !== undefined) return { [name]: date } as { readonly [N in Name]: string }; // one computed name
  bounds.refuse(element, 'date_not_local', DATE_FORM);
  return undefined;
}
