/** In code points, so that a message stays one that is read at a glance. */
const MOST_SHOWN = 60;

/** What is seen wrongly or not at all: controls, formats such as those of direction, broken or private characters. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** Letters of any script, numbers, and the signs of strengths and packs (`{21 (… 0.035 MG / …) } Pack [Brand]`). */
const SIGNS_OF_NAMES = /^[\p{L}\p{M}\p{N} .,%/()[\]{}+'’&®™*#_–-]+$/u;
/** Long numbers are called, and words joined by a dot are opened. */
const ADDRESS = /\d(?:[ .()-]?\d){6}|\p{L}\.\p{L}{2}/u;

/** What no message may say, and no name that is shown: it would ask for more than the dose. */
const NEVER_SAID = [
  'double',
  'twice',
  'two doses',
  'extra',
  'make up',
  'catch up',
  'in addition',
  'qd',
  'qod',
];
/** Words of instructions; a name that has one may still be kept, it is only not shown. */
const INSTRUCTING = [
  ...[
    'take',
    'takes',
    'taken',
    'taking',
    'took',
    'swallow',
    'chew',
    'use',
    'apply',
    'inject',
    'give',
    'drink',
    'eat',
  ],
  ...[
    'stop',
    'start',
    'skip',
    'omit',
    'increase',
    'reduce',
    'repeat',
    'wait',
    'ignore',
    'missed',
    'must',
    'should',
  ],
  ...[
    'do',
    'don',
    'don’t',
    'dont',
    'not',
    'never',
    'always',
    'now',
    'today',
    'tonight',
    'tomorrow',
    'immediately',
  ],
  ...[
    'urgent',
    'asap',
    'again',
    'another',
    'more',
    'instead',
    'until',
    'if',
    'when',
    'because',
    'due',
    'reminder',
  ],
  ...['you', 'your', 'we', 'please', 'call', 'phone', 'click', 'visit', 'reply', 'send', 'pay', 'emergency'],
  ...['doctor', 'pharmacist', 'nurse'],
];
const WORDS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[...NEVER_SAID, ...INSTRUCTING].join('|').replaceAll(' ', '[ _-]*')})(?![\\p{L}\\p{N}])`,
  'iu',
);

/**
 * How a medication's name, as a person wrote it, stands in a message: cut to a length, and in quotation marks, so that it
 * reads as a name and not as words of ours. `undefined` when it is not plausible as one, or says what no message may say:
 * then the message names no medication.
 */
export function nameInMessage(written: string): string | undefined {
  const name = written.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  if (UNSEEN.test(written) || !SIGNS_OF_NAMES.test(name) || !/\p{L}{2}/u.test(name)) return undefined;
  if (ADDRESS.test(name) || WORDS.test(name)) return undefined;
  const points = [...name];
  const shown = points.length > MOST_SHOWN ? `${points.slice(0, MOST_SHOWN).join('').trimEnd()}…` : name;
  return `“${shown}”`;
}
