import { type Classes, membersOf } from './classes.ts';
import type { JsonReader } from './read-json.ts';
import { ReferenceDataError } from './reference-data.ts';

interface Coverage {
  readonly assessed: ReadonlySet<string>;
  /** Those of whom a profile says that they were looked for, and that nothing of weight is known. */
  readonly noneKnown: ReadonlySet<string>;
}

/**
 * The ingredients whose interactions a data set declares to have been gone through. A rule that happens to name an
 * ingredient is no such declaration: it says nothing about the other pairs.
 * @throws ReferenceDataError when a profile does not say what was looked at, or names an area that is not described
 */
export function readCoverage(file: JsonReader, classes: Classes): Coverage {
  const areas = file.has('areas') ? file.table('areas') : {};
  const profiles = file.objects('profiles').map((profile) => {
    const unknown = profile
      .text('areas')
      .split('|')
      .find((area) => !Object.hasOwn(areas, area));
    if (unknown !== undefined)
      throw new ReferenceDataError(`coverage: the area "${unknown}" is not described`);
    const members = [...membersOf(profile.text('ingredients'), classes)];
    return { members, noneKnown: profile.flag('none_known') };
  });
  return {
    assessed: new Set(profiles.flatMap(({ members }) => members)),
    noneKnown: new Set(profiles.flatMap(({ members, noneKnown }) => (noneKnown ? members : []))),
  };
}
