import {
  type Finding,
  type InteractionCheck,
  type Level,
  patientView,
} from '../../clinical/interactions/index.ts';
import type { JsonObject, Release } from '../ports.ts';

/** Ids of what a professional may release of a result: its findings. */
export const releasable = (result: JsonObject): readonly string[] => findingsOf(result).map(({ id }) => id);

/** A finding in plain words. The professional's words stand in the note: those of a rule are written for professionals. */
type ToldFinding = {
  readonly id: string;
  readonly medications: readonly string[];
  readonly message: string;
};

/** What a patient is told once a professional has released findings: those, the note, and still no reassurance. */
export function releasedView(result: JsonObject, release: Release): JsonObject {
  const told = findingsOf(result).filter(({ id }) => release.findings.includes(id));
  // Data that has changed its shape meanwhile shows nothing rather than something wrong.
  if (told.length === 0) return patientView({ outcome: 'incomplete' });
  return {
    checked: true,
    message:
      'The check of your list was done, and a professional who looked at it shares the following with you. It may not ' +
      'be everything there is to know. Do not start, stop or change a medication because of this message; ask them first.',
    released: {
      at: release.releasedAt,
      by: release.role,
      findings: told.map(toldOf),
      ...(release.note !== undefined && { note: release.note }),
    },
  };
}

/** Results are written by this kind only, so what stands under `findings` is a list of findings. */
const findingsOf = (result: JsonObject): readonly TellableFinding[] => {
  const { findings } = result;
  return Array.isArray(findings) ? findings.flatMap(tellable) : [];
};

type TellableFinding = Pick<Finding, 'id' | 'kind' | 'level' | 'medications'>;

function tellable(value: unknown): readonly TellableFinding[] {
  const { id, kind, level, medications }: Partial<TellableFinding> = Object(value);
  return id === undefined || kind === undefined || level === undefined || medications === undefined
    ? []
    : [{ id, kind, level, medications }];
}

const toldOf = ({ id, kind, level, medications }: TellableFinding): ToldFinding => ({
  id,
  medications,
  message: `${listed(medications)}: ${PLAIN_WORDS[kind](level)}`,
});

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const PAIR_WORDS: Readonly<Record<Level, string>> = {
  contraindicated: 'these are usually not taken together.',
  major: 'taken together they can cause a serious problem.',
  moderate: 'taken together they may have to be watched, or a dose changed.',
  minor: 'taken together they may affect each other a little.',
};

const PLAIN_WORDS: Readonly<Record<InteractionCheck['findings'][number]['kind'], (level: Level) => string>> =
  {
    pair: (level) => PAIR_WORDS[level],
    group: (level) =>
      level === 'contraindicated' || level === 'major'
        ? 'their effects add up, which can cause a serious problem.'
        : 'their effects add up, which may have to be watched.',
    duplicate: () => 'these hold the same or a similar active ingredient.',
  };
