import type { ErasureMessage, ErasureState, Ref } from '../jobs/ports.ts';
import type { Engine } from './engine.ts';

/** Tells subscribers what becomes of a user. What is repeated carries the same `event_id`. */
export async function tellErasure(
  { publisher }: Pick<Engine, 'publisher'>,
  type: ErasureMessage['type'],
  { owner, userId }: { readonly owner: Ref; readonly userId: string },
  { erasureId = '', dueAt = '' }: ErasureState,
  repeated: boolean,
): Promise<void> {
  await publisher.publishErasure({
    type,
    event_id: `${erasureId}_${type.replace('user.', '')}`,
    user_ref: owner,
    user_id: userId,
    erasure_id: erasureId,
    due_at: dueAt,
    possible_duplicate: repeated,
  });
}
