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

/** The state with the mark of a message that is about to leave. */
export const marked = (state: State, message: string, attempt: string): State => ({
  ...state,
  telling: { ...state.telling, [message]: attempt },
});

/** The state without that mark; those of other messages stay. */
export function settled({ telling = {}, ...state }: State, message: string): State {
  const { [message]: _left, ...others } = telling;
  return Object.keys(others).length > 0 ? { ...state, telling: others } : state;
}
