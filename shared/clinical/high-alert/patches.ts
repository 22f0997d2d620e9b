import type { HighAlertRule } from './rule.ts';

const PATCH = /\b(?:patch(?:es)?|transdermal|tts)\b/;
const NOT_A_PATCH =
  /\b(?:tabs?|tablets?|caps?|capsules?|oral|sublingual|buccal|film|lozenge|lollipop|spray|nasal|injection|inj|vial|ampule?|solution|syrup|odt)\b/;
const READ_ON = '2026-11-24';

/** Skin patches: the earlier one still delivers when the next one is put on too soon. */
export const PATCH_RULES: readonly HighAlertRule[] = [
  {
    id: 'fentanyl-patch-72-hours',
    ingredients: ['fentanyl'],
    limit: { shortestIntervalHours: 72 },
    appliesTo: /\b(?:patch(?:es)?|transdermal|duragesic)\b/,
    notFor: NOT_A_PATCH,
    ifUnstated: 'unknown',
    harm: 'Respiratory depression. Adults for whom 48 hours were prescribed need the prescriber’s override.',
    source: {
      document:
        'Durogesic transdermal patch, full prescribing information, instructions for use: worn for 72 hours',
      url: 'https://www.mims.com/myanmar/drug/info/durogesic%20patch/caution',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'buprenorphine-patch-7-days',
    ingredients: ['buprenorphine'],
    limit: { shortestIntervalHours: 168 },
    appliesTo: /\b(?:patch(?:es)?|transdermal|butrans)\b/,
    notFor: NOT_A_PATCH,
    ifUnstated: 'unknown',
    harm: 'Respiratory depression, prolonged QT interval.',
    source: {
      document: 'US label of Butrans, dosage and administration 2.1: each is intended to be worn for 7 days',
      url: 'http://dailymed.nlm.nih.gov/dailymed/archives/fdaDrugInfo.cfm?archiveid=63070',
      version: 'archived DailyMed version 63070',
      readOn: READ_ON,
      verification: 'primary_read',
    },
  },
  {
    id: 'clonidine-patch-7-days',
    ingredients: ['clonidine'],
    limit: { shortestIntervalHours: 168 },
    appliesTo: PATCH,
    notFor: NOT_A_PATCH,
    ifUnstated: 'unknown',
    harm: 'Low blood pressure, slow heartbeat, sedation.',
    source: {
      document: 'US label of Catapres-TTS, description: continuous delivery for 7 days',
      url: 'https://fda.report/DailyMed/d4a55825-7041-42f4-b3b2-dd7a25dbe793',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'rivastigmine-patch-24-hours',
    ingredients: ['rivastigmine'],
    limit: { shortestIntervalHours: 24 },
    appliesTo: PATCH,
    notFor: NOT_A_PATCH,
    ifUnstated: 'unknown',
    harm: 'Cholinergic overdose; deaths were reported with several patches at one time.',
    source: {
      document:
        'FDA MedWatch, safety labeling changes for Exelon Patch, August 2010 (several patches at one time); daily replacement: patient leaflet',
      url: 'http://www.fda.gov/Safety/MedWatch/SafetyInformation/ucm225994.htm',
      version: '2010-08',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'donepezil-patch-7-days',
    ingredients: ['donepezil'],
    limit: { shortestIntervalHours: 168 },
    appliesTo: PATCH,
    notFor: NOT_A_PATCH,
    // Nearly all of it is tablets, taken daily.
    ifUnstated: 'other_product',
    harm: 'Cholinergic overdose.',
    source: {
      document:
        'Adlarity, dosing for professionals by the manufacturer: replaced every 7 days, one at a time',
      url: 'https://adlarityhcp.com/dosing-and-administration',
      version: 'prescribing information of 2022',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'scopolamine-patch-3-days',
    ingredients: ['scopolamine'],
    limit: { shortestIntervalHours: 72 },
    appliesTo: /\b(?:patch(?:es)?|transdermal|transderm)\b/,
    notFor: NOT_A_PATCH,
    ifUnstated: 'unknown',
    asNeededAllowed: true,
    harm: 'Anticholinergic toxicity: confusion, hallucinations, urinary retention.',
    source: {
      document: 'US label of Transderm Scōp, dosage and administration 2.1: 1 mg over 3 days, one at a time',
      url: 'https://dailymed.nlm.nih.gov/dailymed/fda/fdaDrugXsl.cfm?setid=b877a694-a1d0-4280-937a-a06820b12a88&type=display',
      version: '2024-03',
      readOn: READ_ON,
      verification: 'primary_read',
    },
  },
];
