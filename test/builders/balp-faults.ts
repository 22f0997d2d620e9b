import balp from '../data/balp-profiles.json' with { type: 'json' };

interface Slice {
  /** `system|code`, one of which an element of the slice has. */
  readonly type: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly requires: readonly string[];
  readonly forbids?: readonly string[];
  readonly fixed?: Readonly<Record<string, unknown>>;
  readonly role?: readonly string[];
  readonly refersTo?: string;
}

export interface BalpProfile {
  readonly type: string;
  readonly subtype: readonly string[];
  readonly action: string;
  readonly outcome: string;
  readonly agent: Readonly<Record<string, Slice>>;
  readonly entity: Readonly<Record<string, Slice>>;
}

export const BALP_PROFILES: ReadonlyMap<string, BalpProfile> = new Map(Object.entries(balp.profiles));

interface Coding {
  readonly system: string;
  readonly code: string;
}

interface Part {
  readonly type?: Coding | { readonly coding?: readonly Coding[] };
  readonly role?: Coding;
  readonly what?: { readonly type?: string; readonly reference?: string };
}

export interface Event {
  readonly meta?: { readonly profile: readonly string[] };
  readonly type: Coding;
  readonly subtype: readonly Coding[];
  readonly action: string;
  readonly outcome: string;
  readonly agent: readonly Part[];
  readonly entity: readonly Part[];
}

/** Which rules of the profiles that it claims an AuditEvent breaks. */
export const balpFaults = (event: Event): readonly string[] =>
  (event.meta?.profile ?? []).flatMap((url) => {
    const profile = BALP_PROFILES.get(url);
    return profile ? faultsIn(event, profile) : [`${url} is no profile that is known.`];
  });

/** @returns the rules of one profile that an event breaks, whatever it claims */
export function faultsIn(event: Event, profile: BalpProfile): readonly string[] {
  const is = (part: string, right: boolean) => (right ? [] : [part]);
  return [
    ...is('type', named(event.type) === profile.type),
    ...is('subtype', event.subtype.filter((one) => profile.subtype.includes(named(one))).length === 1),
    ...is('action', event.action === profile.action),
    ...is('outcome', event.outcome === profile.outcome),
    ...slicesOf('agent', event.agent, profile.agent),
    ...slicesOf('entity', event.entity, profile.entity),
  ];
}

const named = ({ system, code }: Coding): string => `${system}|${code}`;

const typesOf = ({ type }: Part): string[] =>
  type === undefined
    ? []
    : 'code' in type
      ? [named(type)]
      : ('coding' in type ? (type.coding ?? []) : []).map(named);

function slicesOf(
  element: string,
  parts: readonly Part[],
  slices: Readonly<Record<string, Slice>>,
): readonly string[] {
  return Object.entries(slices).flatMap(([name, slice]) => {
    const at = `${element}[${name}]`;
    const mine = parts.filter((part) => typesOf(part).some((type) => slice.type.includes(type)));
    const number =
      mine.length < slice.min || mine.length > slice.max ? [`${at}: there are ${mine.length}`] : [];
    return [...number, ...mine.flatMap((part) => partFaults(part, slice).map((fault) => `${at}.${fault}`))];
  });
}

const partFaults = (part: Part, slice: Slice): readonly string[] => [
  ...slice.requires.filter((path) => valueAt(part, path) === undefined),
  ...(slice.forbids ?? []).filter((path) => valueAt(part, path) !== undefined),
  ...Object.entries(slice.fixed ?? {}).flatMap(([path, value]) =>
    valueAt(part, path) === value ? [] : [path],
  ),
  ...(slice.role && !(part.role && slice.role.includes(named(part.role))) ? ['role'] : []),
  ...(slice.refersTo !== undefined && part.what?.type !== slice.refersTo
    ? ['what: it is of another type']
    : []),
];

const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, name) => (at === undefined ? at : Reflect.get(Object(at), name)), value);
