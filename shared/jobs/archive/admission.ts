import { type JsonItem, SYSTEM_OWNER } from '../ports.ts';

export interface AdmissionOptions {
  /** Users whose secret was destroyed: what stands of them must not come back, although nobody could read it. */
  readonly erased: ReadonlySet<string>;
  /**
   * Wraps a data key for where it is restored to; absent: it stays as it is.
   * @param wrapped Base64
   */
  readonly rewrap?: (wrapped: string, context: Readonly<Record<string, string>>) => Promise<string>;
}

/**
 * What becomes of an item on its way into other tables: rows of erased users that an erasure takes away are left out, and
 * data keys are wrapped for their new place.
 */
export function admission({ erased, rewrap }: AdmissionOptions) {
  // Wrapped twice, a key would have two wrappings: what was written could not be told from the backup again.
  const rewrapped = new Map<string, Promise<string>>();
  return async (_table: string, item: JsonItem): Promise<JsonItem | undefined> => {
    if (takenAway(item, erased) || (rewrap && isHead(item))) return undefined;
    const [wrapped, context] = [textIn(item, 'wrapped', 'B'), textIn(item, 'context', 'S')];
    if (!rewrap || wrapped === undefined || !textIn(item, 'pk', 'S')?.startsWith('KEY#')) return item;
    const anew = rewrapped.get(wrapped) ?? rewrap(wrapped, JSON.parse(context ?? '{}'));
    rewrapped.set(wrapped, anew);
    return { ...item, wrapped: { B: await anew } };
  };
}

/** Names a backup of the deployment that was restored: in the bucket of another one it would be missing for ever. */
const isHead = (item: JsonItem): boolean =>
  textIn(item, 'pk', 'S') === `OWNER#${SYSTEM_OWNER}` && textIn(item, 'sk', 'S') === 'backup#head';

function takenAway(item: JsonItem, erased: ReadonlySet<string>): boolean {
  const [partition = '', sort = ''] = [textIn(item, 'pk', 'S'), textIn(item, 'sk', 'S')];
  const [kind = '', named = ''] = partition.split('#');
  switch (kind) {
    case 'OWNER':
      return erased.has(named);
    case 'USERS':
    case 'GRANTEE':
      return erased.has(sort);
    case 'ERASURES':
    case 'DUE':
      return erased.has(textIn(item, 'owner', 'S') ?? '');
    case 'RECALL':
      return erased.has(textIn(item, 'userRef', 'S') ?? '');
    default:
      return false;
  }
}

function textIn(item: JsonItem, name: string, type: 'S' | 'B'): string | undefined {
  const value: unknown = Object(item[name])[type];
  return typeof value === 'string' ? value : undefined;
}
