import type { RecordShapes, RecordWriteOf, Ref, StoredRecord } from '../ports.ts';

type State = RecordShapes['occurrence']['state'];

/** The write that gives an occurrence another state, if it stands at the version that was read. */
export const moved = (
  occurrence: StoredRecord<'occurrence'>,
  owner: Ref,
  state: State,
): RecordWriteOf<'occurrence'> => ({
  type: 'occurrence',
  owner,
  id: occurrence.id,
  expect: occurrence.version,
  state,
  body: occurrence.body,
  replaces: occurrence.state,
});

/** The state without the mark of a message that is about to leave. */
export function settled({ telling: _left, ...state }: State): State {
  return state;
}
