import { holdAgainstText } from './dosage-text.ts';
import type { FhirElement } from './element.ts';
import { readDoseUnits } from './read-dose.ts';
import { type ReadTiming, readTiming } from './read-timing.ts';

const HOURS_PER_DAY = 24;

/** Elements of `Dosage` in R4, and those by which R5 says "as needed". */
const DOSAGE_ELEMENTS = [
  'sequence',
  'text',
  'additionalInstruction',
  'patientInstruction',
  'timing',
  'asNeededBoolean',
  'asNeededCodeableConcept',
  'asNeeded',
  'asNeededFor',
  'site',
  'route',
  'method',
  'doseAndRate',
  'maxDosePerPeriod',
  'maxDosePerAdministration',
  'maxDosePerLifetime',
  '_sequence',
  '_text',
  '_patientInstruction',
  '_asNeededBoolean',
  '_asNeeded',
] as const;

/** A schedule as a request for a `medication-reminder` states it. */
export interface ReadDosage extends ReadTiming {
  readonly dose_units?: number;
  readonly max_doses_per_day?: number;
}

/** The one dosage of a request, as a schedule; problems and warnings are noted on the way. */
export function readDosage(request: FhirElement): ReadDosage {
  const dosages = request.children('dosageInstruction');
  const [dosage] = dosages;
  if (!dosage || dosages.length > 1) {
    const detail =
      dosages.length > 1
        ? 'Several instructions are several schedules: send each as a line of its own, consecutive ones with their dates.'
        : 'Without a dosage there is nothing to remind of.';
    request.refuse('dosageInstruction', dosage ? 'several_dosages' : 'required', detail);
    return {};
  }
  dosage.only(
    DOSAGE_ELEMENTS,
    'What this element says may bear on when doses are due: it is not known here.',
  );
  dosage.refuseHidden('asNeededBoolean', 'asNeeded');
  const timing = dosage.child('timing');
  const read = timing ? readTiming(timing) : {};
  holdAgainstText(dosage, read, isAsNeeded(dosage));
  if (dosage.children('additionalInstruction').length > 0)
    dosage.warn('additionalInstruction', 'text_not_read', 'Further instructions are left out: compare them.');
  const units = readDoseUnits(dosage);
  const dose = units === undefined ? {} : { dose_units: units };
  if (dosage.has('maxDosePerPeriod') || dosage.has('maxDosePerLifetime'))
    dosage.warn(
      'maxDosePerPeriod',
      'max_dose_left_out',
      'A limit by amount has no counterpart and is left out.',
    );
  if (isAsNeeded(dosage)) return { ...asNeeded(dosage, read), ...dose };
  if (read.frequency === undefined && timing === undefined)
    dosage.refuse(
      'timing',
      'required',
      'Text alone is not read: send the timing, or the schedule as NDJSON.',
    );
  else if (read.frequency === undefined && timing?.has('repeat') !== true)
    dosage.refuse('timing', 'timing_not_coded', 'Send repeat, or a code of GTSAbbreviation.');
  else if (read.frequency === undefined)
    dosage.refuse(
      'timing',
      'timing_not_exact',
      'The timing says no frequency that can be carried over exactly.',
    );
  return { ...read, ...dose };
}

const isAsNeeded = (dosage: FhirElement): boolean =>
  dosage.flag('asNeededBoolean') === true ||
  dosage.flag('asNeeded') === true ||
  ['asNeededCodeableConcept', 'asNeededFor'].some((name) => dosage.has(name));

/** Within a timing "as needed" means: at most so often. Times, days and events have no counterpart then. */
function asNeeded(dosage: FhirElement, { frequency, times, weekdays, ...dates }: ReadTiming): ReadDosage {
  const prn = { ...dates, frequency: 'PRN' };
  if (frequency === undefined) return prn;
  const most = times || weekdays ? undefined : mostPerDay(frequency);
  if (most === undefined) {
    const detail = 'As needed can be limited to so many doses a day, or to one in hours that divide a day.';
    dosage.refuse('timing', 'as_needed_not_exact', detail);
    return prn;
  }
  return { ...prn, max_doses_per_day: most };
}

function mostPerDay(frequency: string): number | undefined {
  const [, perDay] = /^(\d+) times a day$/.exec(frequency) ?? [];
  const [, hours] = /^Q(\d+)H$/.exec(frequency) ?? [];
  const most = frequency === 'daily' ? 1 : Number(perDay ?? HOURS_PER_DAY / Number(hours));
  return Number.isInteger(most) && most >= 1 && most <= HOURS_PER_DAY ? most : undefined;
}
