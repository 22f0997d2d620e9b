import type { Finding, InteractionCheck } from '../../clinical/interactions/index.ts';
import type { CurrentView, OnRecord } from './join-current.ts';

/** A check in which the user's record took part. */
export type CheckWithCurrent = Omit<InteractionCheck, 'findings'> & {
  readonly findings: readonly (Finding & { readonly from_record: readonly OnRecord[] })[];
  readonly current: CurrentView;
};

/**
 * Says which entries of each finding came from the record. A current medication without a name, or one that is paused and may
 * be taken all the same, makes the answer `incomplete`, whatever was found: it was not compared. So does one whose names
 * stand for different drugs: nobody knows which of them it is.
 */
export function withCurrent(check: InteractionCheck, current: CurrentView): CheckWithCurrent {
  const findings = check.findings.map((finding) => ({
    ...finding,
    from_record: current.joined.filter(({ medication }) => finding.medications.includes(medication)),
  }));
  const { paused, unnamed, contradictory } = current;
  const without = [
    ...(unnamed.length > 0 ? [`${counted(unnamed, 'has', 'have')} no name on record`] : []),
    ...(paused.length > 0 ? [`${counted(paused, 'is', 'are')} paused and not compared`] : []),
  ].join(', and ');
  const unclear =
    contradictory.length > 0
      ? `Of ${counted(contradictory, 'the record names', 'the records name')} different drugs; each was compared.`
      : '';
  if (check.outcome === 'error' || (without === '' && unclear === '')) return { ...check, findings, current };
  const found = Object.values(check.counts.by_level).reduce((sum, count) => sum + count, 0);
  const isIncomplete = check.outcome === 'incomplete';
  const sentences = [
    isIncomplete ? check.statement : 'The check is incomplete.',
    without === ''
      ? ''
      : `${isIncomplete ? 'Besides, ' : ''}${without}: nothing is known of their interactions.`,
    unclear,
    isIncomplete ? '' : `The rest was compared: ${found} ${found === 1 ? 'finding' : 'findings'}.`,
  ];
  const statement = sentences.filter((sentence) => sentence !== '').join(' ');
  return { ...check, outcome: 'incomplete', statement, findings, current };
}

const counted = ({ length }: readonly string[], one: string, many: string): string =>
  `${length} current ${length === 1 ? `medication ${one}` : `medications ${many}`}`;
