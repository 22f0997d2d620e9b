import { textOf } from '../api-client.ts';
import { isObject } from '../deploy/template.ts';

/** A list with a misspelt name: what else is on it is compared, and the name is asked about. */
export const MISSPELT = ['warfrin 5 mg', 'ibuprofen 400 mg', 'lisinopril 10 mg'] as const;

/** Findings and candidates that are shown. */
const MOST_SHOWN = 3;

/** The most serious findings of a check, each with what to do about it. */
export function findingLines(result: unknown): readonly string[] {
  const findings = listOf(result, 'findings');
  if (findings.length === 0) return [textOf(result, 'statement') || 'not known'];
  return findings
    .slice(0, MOST_SHOWN)
    .flatMap((finding) => [
      `${textOf(finding, 'level')}: ${listOf(finding, 'medications').map(String).join(' and ')}`,
      `  ${textOf(finding, 'management')}`,
    ]);
}

/** What a check could not tell, and what might have been meant. */
export function incompleteLines(result: unknown): readonly string[] {
  const asked = listOf(result, 'unrecognised').map((entry) => {
    const candidates = listOf(entry, 'candidates').slice(0, MOST_SHOWN).map(candidateText);
    return `"${textOf(entry, 'medication')}" is not recognised. Is it ${candidates.join(', ') || 'something else'}?`;
  });
  return [`${textOf(result, 'outcome') || 'not known'}: ${textOf(result, 'statement')}`, ...asked];
}

const candidateText = (candidate: unknown): string => {
  const score = isObject(candidate) ? Number(candidate['score']) : Number.NaN;
  return `${textOf(candidate, 'name')}${Number.isFinite(score) ? ` (${score.toFixed(2)})` : ''}`;
};

const listOf = (value: unknown, member: string): readonly unknown[] => {
  const list = isObject(value) ? value[member] : undefined;
  return Array.isArray(list) ? list : [];
};
