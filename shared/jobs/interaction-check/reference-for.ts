import { ReferenceDataError } from '../../clinical/interactions/reference-data.ts';
import type { Reference } from '../../clinical/reference/reference.ts';
import { RetryableError } from '../../errors/attempt-error.ts';
import { ReferencePackError } from '../../errors/reference-pack-error.ts';
import type { JobView, World } from '../ports.ts';

/**
 * Names and rules for one attempt. A check that a re-check orders is made with what stands since it was ordered: a mended pack of a
 * minute ago is what the re-check is there for. A pack that should be there and cannot be used is tried once more by another attempt;
 * then the outcome of the check is `error`: the built-in data alone would be less than what the deployment relies on.
 */
export async function referenceFor(
  { attempt, orderedAt }: Pick<JobView<never>, 'attempt' | 'orderedAt'>,
  world: Pick<World, 'reference'>,
): Promise<Reference> {
  try {
    return await world.reference.current(orderedAt);
  } catch (cause) {
    if (!(cause instanceof ReferencePackError)) throw cause;
    if (attempt === 1) throw new RetryableError('dependency_unavailable', cause.message, { cause });
    const refuse = (): never => {
      throw new ReferenceDataError(cause.message);
    };
    return { lexicon: refuse, rules: refuse };
  }
}
