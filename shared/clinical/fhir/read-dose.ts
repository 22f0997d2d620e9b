import type { FhirElement } from './element.ts';

const UCUM = 'http://unitsofmeasure.org';
const DRUG_FORM = 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm';

/** UCUM: dimensionless (`1`, or an annotation alone such as `{tablet}`), drops, millilitres. */
const COUNTED = /^(?:1|\{[^{}]+\}|\[drp\]|mL|ml)$/;
const COUNTED_WORDS =
  /^(?:tablets?|tabs?|capsules?|caps?|puffs?|inhalations?|drops?|sprays?|patch(?:es)?|suppositor(?:y|ies)|lozenges?|sachets?|ml|milliliters?|millilitres?)$/i;

const LEFT_OUT =
  'It is no single number of countable units, so dose_units is left out: the schedule is not affected.';

/**
 * Units of one dose: of a single quantity that is counted (tablets, puffs, drops, millilitres). A mass or an activity
 * says nothing of units without the strength, a range is no number: both are left out, with a warning.
 */
export function readDoseUnits(dosage: FhirElement): number | undefined {
  const doses = dosage.children('doseAndRate');
  const [dose] = doses;
  if (!dose) return undefined;
  const quantity = doses.length === 1 && !hasRate(dose) ? dose.child('doseQuantity') : undefined;
  const value = quantity?.number('value');
  if (quantity && value !== undefined && value > 0 && !quantity.has('comparator') && isCounted(quantity))
    return value;
  dosage.warn('doseAndRate', 'dose_left_out', LEFT_OUT);
  return undefined;
}

const hasRate = (dose: FhirElement): boolean =>
  ['rateRatio', 'rateRange', 'rateQuantity'].some((name) => dose.has(name));

function isCounted(quantity: FhirElement): boolean {
  const [system, code, unit] = [quantity.text('system'), quantity.text('code'), quantity.text('unit')];
  if (code !== undefined && system === DRUG_FORM) return true;
  if (code !== undefined && system === UCUM) return COUNTED.test(code);
  return code === undefined && unit !== undefined && COUNTED_WORDS.test(unit);
}
