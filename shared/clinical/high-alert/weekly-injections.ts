import type { HighAlertRule } from './rule.ts';

const READ_ON = '2026-11-24';
const WEEK = 168;
const HARM = 'Prolonged vomiting and dehydration, low blood sugar, pancreatitis.';

/** Injections for diabetes and weight that are made once a week. */
export const WEEKLY_INJECTION_RULES: readonly HighAlertRule[] = [
  {
    id: 'semaglutide-injection-weekly',
    ingredients: ['semaglutide'],
    limit: { shortestIntervalHours: WEEK },
    appliesTo: /\b(?:ozempic|injection|inj|pen|subcutaneous|subq|sq|sc)\b/,
    // Tablets are taken daily; a brand that is sold as both says neither.
    notFor: /\b(?:rybelsus|tabs?|tablets?|oral|pill)\b/,
    ifUnstated: 'unknown',
    harm: HARM,
    source: {
      document: 'US label of Ozempic, 2.1: once weekly, on the same day each week (as copied by a publisher)',
      url: 'https://prescriberpoint.com/therapies/ozempic-adec4fd',
      version: 'not stated',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'dulaglutide-weekly',
    ingredients: ['dulaglutide'],
    limit: { shortestIntervalHours: WEEK },
    ifUnstated: 'applies',
    harm: HARM,
    source: {
      document: 'Dosage of Trulicity after its US label: once weekly',
      url: 'https://www.drugs.com/dosage/trulicity.html',
      version: '2020-02-21',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'tirzepatide-weekly',
    ingredients: ['tirzepatide'],
    limit: { shortestIntervalHours: WEEK },
    ifUnstated: 'applies',
    harm: HARM,
    source: {
      document: 'US label of Mounjaro, 2.1: once weekly (as copied by a publisher)',
      url: 'https://themeditary.com/pro/mounjaro-injection-prescribing-information-12730.html',
      version: '2023-04',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
  {
    id: 'exenatide-extended-release-weekly',
    ingredients: ['exenatide'],
    limit: { shortestIntervalHours: WEEK },
    appliesTo: /\b(?:bydureon|bcise|extended[- ]release|er|xr|weekly)\b/,
    notFor: /\bbyetta\b/,
    ifUnstated: 'unknown',
    harm: HARM,
    source: {
      document: 'Dosage of Bydureon BCise after its US label: 2 mg once every 7 days',
      url: 'https://www.drugs.com/dosage/bydureon-bcise.html',
      version: '2020-12-02',
      readOn: READ_ON,
      verification: 'secondary',
    },
  },
];
