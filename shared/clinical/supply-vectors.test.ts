import { describe, expect, it } from 'vitest';
import vectors from '#test/data/refill-adherence-vectors.json' with { type: 'json' };
import {
  type AdherenceInput,
  adherence,
  type ControlledRefill,
  projectSupply,
  refillEligibility,
} from './index.ts';

/** What a door answers: plain JSON, which survives being written and read. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

// Each case goes through the door as it stands in the file; members that are no question are passed over.
describe('refill, supply and adherence vectors', () => {
  it.each(vectors.days_supply)('$id $title', (vector) => {
    expect(json(projectSupply(vector))).toEqual({ full_days: vector.expected_full_days });
  });

  it.each(vectors.run_out)('$id $title', (vector) => {
    expect(json(projectSupply(vector))).toEqual(vector.expected);
  });

  it.each(vectors.order_by)('$id $title', (vector) => {
    expect(json(projectSupply(vector))).toEqual(vector.expected);
  });

  it.each(vectors.reorder_point)('$id', (vector) => {
    expect(json(projectSupply(vector))).toEqual({ reorder_point: vector.expected_reorder_point });
  });

  it.each(vectors.refill_too_soon)('$id', (vector) => {
    expect(json(refillEligibility(vector))).toEqual({
      earliest_refill: vector.expected_earliest_refill,
      days_after_fill: vector.days_after_fill,
    });
  });

  it.each(vectors.controlled_substances)('$id', (vector) => {
    const input = vector as ControlledRefill; // in the file a schedule is any text
    expect(json(refillEligibility(input))).toMatchObject({
      verdict: vector.expected,
      source: vector.source,
    });
  });

  it.each(vectors.pdc)('$id', (vector) => {
    const input = vector as unknown as AdherenceInput; // in the file a pair is a list of any length
    const answer = json(adherence(input));
    expect(answer).toMatchObject(vector.expected);
    if (vector.mpr) expect(answer).toMatchObject({ mpr: vector.mpr });
  });
});
