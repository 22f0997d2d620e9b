import { Temporal } from 'temporal-polyfill';
import type { FhirElement } from './element.ts';

/** Which version of an order a resource is, as far as its `meta` says; plain JSON, so that it can be kept. */
export interface OrderVersion {
  readonly id: string;
  /** In digits: they may be more than a number holds. */
  readonly number?: string;
  readonly updatedAt?: string;
}

/** `undefined`: it has no id, so that nothing tells of which order it is a version. */
export function orderVersion(resource: FhirElement): OrderVersion | undefined {
  const [id, meta] = [resource.text('id'), resource.child('meta')];
  if (id === undefined) return undefined;
  const number = numberIn(meta?.text('versionId'));
  const updatedAt = instantIn(meta?.text('lastUpdated'));
  return { id, ...(number !== undefined && { number }), ...(updatedAt !== undefined && { updatedAt }) };
}

/** Servers count versions or name them; only numbers say which is newer. */
const numberIn = (text: string | undefined): string | undefined =>
  text !== undefined && /^\d{1,64}$/.test(text) ? BigInt(text).toString() : undefined;

function instantIn(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : Temporal.Instant.from(text).toString();
  } catch {
    return undefined; // Not the time of a version: nothing is concluded from it.
  }
}

/** Whether both are versions of one order and the other is newer: by its number, else by when it was written. */
export function isOlderVersion(one: OrderVersion | undefined, other: OrderVersion | undefined): boolean {
  if (!one || !other || one.id !== other.id) return false;
  if (one.number !== undefined && other.number !== undefined && one.number !== other.number)
    return BigInt(one.number) < BigInt(other.number);
  if (one.updatedAt === undefined || other.updatedAt === undefined) return false;
  return Temporal.Instant.compare(one.updatedAt, other.updatedAt) < 0;
}

/** What is known of an order's version when another one that is not older takes its place. */
export const newerVersion = (before: OrderVersion | undefined, next: OrderVersion): OrderVersion =>
  before?.id === next.id ? { ...before, ...next } : next;
