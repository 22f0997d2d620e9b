import { type Classes, membersOf } from './classes.ts';
import type { Level } from './level.ts';
import { JsonReader } from './read-json.ts';
import { readStatement } from './read-statement.ts';
import type { PairRule } from './reference-data.ts';

const ROLES = ['inhibitors', 'inducers'] as const;
const STRENGTHS = ['strong', 'moderate', 'weak'] as const;
const SENSITIVITIES = ['sensitive_substrates', 'moderate_sensitive_substrates'] as const;

/** How a perpetrator's strength and a substrate's sensitivity make a level; what is not named makes no rule. */
const LEVEL_OF = {
  strong: { sensitive_substrates: 'major', moderate_sensitive_substrates: 'moderate' },
  moderate: { sensitive_substrates: 'moderate', moderate_sensitive_substrates: undefined },
  weak: { sensitive_substrates: 'minor', moderate_sensitive_substrates: undefined },
} as const satisfies Record<string, Record<string, Level | undefined>>;

/**
 * Computes the pair rules of enzyme tables (`enzymes`: enzyme → role lists): strong × sensitive is major; moderate ×
 * sensitive and strong × moderately sensitive are moderate; weak × sensitive is minor. Words come from the file's
 * `wording` per role, where `{enzyme}` stands for the enzyme.
 */
export function expandCypRules(file: JsonReader, classes: Classes): PairRule[] {
  if (!file.has('enzymes')) return [];
  const enzymes = file.child('enzymes');
  return enzymes.fields().flatMap((enzyme) => {
    const table = enzymes.child(enzyme);
    return ROLES.flatMap((role) =>
      STRENGTHS.flatMap((strength) =>
        SENSITIVITIES.flatMap((sensitivity) => {
          const level = LEVEL_OF[strength][sensitivity];
          const list = `${strength}_${role}`;
          if (level === undefined || !table.has(list) || !table.has(sensitivity)) return [];
          const wording = file.child('wording').child(role);
          const told = (field: string): string => wording.text(field).replaceAll('{enzyme}', enzyme);
          const id = `${enzyme}-${strength}-${role}-${sensitivity}`.toLowerCase().replaceAll('_', '-');
          const statement = {
            id,
            level,
            title: `${enzyme} substrate with a ${strength} ${enzyme} ${role.slice(0, -1)}`,
            mechanism: told('mechanism'),
            effect: told('effect'),
            management: told(level === 'major' ? 'management_major' : 'management_other'),
          };
          return {
            ...readStatement(new JsonReader(statement, id), file),
            object: membersOf(table.text(sensitivity), classes),
            precipitant: membersOf(table.text(list), classes),
            mutual: false,
            overrides: [],
          };
        }),
      ),
    );
  });
}
