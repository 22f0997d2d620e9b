import type { Finding, InteractionCheck } from '../../clinical/interactions/index.ts';
import type { CurrentView, OnRecord } from './join-current.ts';

/** A check in which the user's record took part. */
export type CheckWithCurrent = Omit<InteractionCheck, 'findings'> & {
  readonly findings: readonly (Finding & { readonly from_record: readonly OnRecord[] })[];
  readonly current: CurrentView;
};

/**
 * Says which entries of each finding came from the record. A current medication without a name, or one that is paused and may
 * be taken all the same, makes the answer `incomplete`, whatever was found: it was not compared.
 */
export function withCurrent(check: InteractionCheck, current: CurrentView): CheckWithCurrent {
  const findings = check.findings.map((finding) => ({
    ...finding,
    from_record: current.joined.filter(({ medication }) => finding.medications.includes(medication)),
  }));
  const { paused, unnamed } = current;
  const without = [
    ...(unnamed.length > 0 ? [`${counted(unnamed.length, 'has', 'have')} no name on record`] : []),
    ...(paused.length > 0 ? [`${counted(paused.length, 'is', 'are')} paused and not compared`] : []),
  ].join(', and ');
  if (without === '' || check.outcome === 'error') return { ...check, findings, current };
  const found = Object.values(check.counts.by_level).reduce((sum, count) => sum + count, 0);
  const statement =
    check.outcome === 'incomplete'
      ? `${check.statement} Besides, ${without}: nothing is known of their interactions.`
      : `The check is incomplete: ${without}. Nothing is known of their interactions. ` +
        `The rest was compared: ${found} ${found === 1 ? 'finding' : 'findings'}.`;
  return { ...check, outcome: 'incomplete', statement, findings, current };
}

const counted = (count: number, one: string, many: string): string =>
  `${count} current ${count === 1 ? `medication ${one}` : `medications ${many}`}`;
