import type { HighAlertRule } from './rule.ts';

const READ_ON = '2026-11-24';
const WEEK = 168;
/** A dose "monthly" is at least 28 days apart: February, and every 4 weeks. */
const MONTH = 672;

/** Medicines by mouth that were taken daily by mistake, or more often than their label allows. */
export const ORAL_RULES: readonly HighAlertRule[] = [
  {
    id: 'methotrexate-weekly',
    ingredients: ['methotrexate'],
    limit: { shortestIntervalHours: WEEK },
    appliesTo: /\b(?:otrexup|rasuvo|auto-?injector)\b|\b(?:tabs?|tablets?|oral|trexall|xatmep|jylamvo)\b/,
    notFor: /\b(?:intrathecal|intravenous|iv|infusion)\b/,
    // Under the skin once a week, for cancers into muscle on several days: the name does not tell which.
    openFor: /\b(?:injection|inj|vial|syringe)\b/,
    // Outside oncology every form that people use at home is weekly.
    ifUnstated: 'applies',
    harm: 'Bone-marrow failure; deaths after daily instead of weekly doses.',
    source: {
      document:
        'ISMP Targeted Medication Safety Best Practices for Hospitals, best practice 2: weekly default for oral methotrexate, hard stop for daily orders without an oncologic indication',
      url: 'https://www.ismp.org/tmsbp/faq2',
      version: 'answers of 2014-03-26 and 2016-08-29',
      readOn: READ_ON,
      verification: 'primary_read',
    },
  },
  {
    id: 'alendronate-weekly',
    ingredients: ['alendronate'],
    limit: { shortestIntervalHours: WEEK },
    strengthsMg: [35, 70],
    ifUnstated: 'unknown',
    harm: 'Injury of the oesophagus, low calcium.',
    source: {
      document:
        'Dosage of Fosamax after its US label: 35 mg and 70 mg once weekly; 5 mg, 10 mg and 40 mg daily',
      url: 'http://www.drugs.com/dosage/fosamax.html',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'alendronate-cholecalciferol-weekly',
    ingredients: ['alendronate', 'cholecalciferol'],
    limit: { shortestIntervalHours: WEEK },
    ifUnstated: 'applies',
    harm: 'Injury of the oesophagus, low calcium.',
    source: {
      document:
        'US label of Fosamax Plus D, dosage and administration 2.1: 70 mg/2800 IU or 70 mg/5600 IU once weekly',
      url: 'https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=d4a71df1-7488-46a2-8ded-dd0db56de618',
      version: '2011-12-20',
      readOn: READ_ON,
      verification: 'primary_read',
    },
  },
  {
    id: 'risedronate-weekly',
    ingredients: ['risedronate'],
    limit: { shortestIntervalHours: WEEK },
    strengthsMg: [35],
    ifUnstated: 'unknown',
    harm: 'Injury of the oesophagus, low calcium.',
    source: {
      document:
        'Medscape reference, risedronate: 5 mg daily, 35 mg weekly, 150 mg monthly; 30 mg daily in Paget disease',
      url: 'https://reference.medscape.com/drug/actonel-risedronate-342835',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'risedronate-monthly',
    ingredients: ['risedronate'],
    limit: { shortestIntervalHours: MONTH },
    strengthsMg: [150],
    ifUnstated: 'unknown',
    harm: 'Injury of the oesophagus, low calcium.',
    source: {
      document:
        'Medscape reference, risedronate: 5 mg daily, 35 mg weekly, 150 mg monthly; 30 mg daily in Paget disease',
      url: 'https://reference.medscape.com/drug/actonel-risedronate-342835',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'ibandronate-monthly',
    ingredients: ['ibandronate'],
    limit: { shortestIntervalHours: MONTH },
    strengthsMg: [150],
    ifUnstated: 'unknown',
    harm: 'Injury of the oesophagus, low calcium.',
    source: {
      document:
        'US label of Boniva tablets, dosage and administration 2.1: 150 mg once monthly on the same day',
      url: 'http://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid=841bf769-0148-42a8-a4d0-ff062b4734e8',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'primary_read',
    },
  },
  {
    id: 'lomustine-6-weeks',
    ingredients: ['lomustine'],
    limit: { shortestIntervalHours: 6 * WEEK },
    ifUnstated: 'applies',
    harm: 'Delayed, fatal bone-marrow failure.',
    source: {
      document: 'US label of Gleostine, 2.2 and 5.1: a single dose, not more often than every 6 weeks',
      url: 'https://prescriberpoint.com/therapies/gleostine-7f77526',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'colchicine-twice-a-day',
    ingredients: ['colchicine'],
    // To prevent flares, as a standing schedule; the second dose of a flare, one hour later, is none.
    limit: { mostDosesPerDay: 2 },
    ifUnstated: 'applies',
    asNeededAllowed: true,
    harm: 'Fatal overdose: the margin between dose and harm is narrow.',
    source: {
      document:
        'US label of colchicine tablets, 2.1: 0.6 mg once or twice daily to prevent flares, at most 1.2 mg a day',
      url: 'https://dailymed.nlm.nih.gov/dailymed/fda/fdaDrugXsl.cfm?setid=b414be4e-cd4f-4e7d-bbdd-b406c99c11b6&type=display',
      version: '2024-01',
      readOn: READ_ON,
      verification: 'primary_read',
    },
  },
];
