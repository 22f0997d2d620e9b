import { describe, expect, it } from 'vitest';
import { type CaseEvent, type DeliveryCase, DeliveryPlay } from '#test/builders/delivery-case.ts';
import type { Left } from '#test/builders/virtual-deployment.ts';
import vectors from '#test/data/delivery-vectors.json' with { type: 'json' };
import { brokenPromises } from './broken-promises.ts';

interface ExpectedMessage {
  readonly type: string;
  readonly dose: string;
  readonly at: string;
  readonly within_seconds?: number;
  readonly late?: boolean | null;
  readonly possible_duplicate?: boolean;
  readonly to?: string;
  readonly caregiver_ids?: readonly string[];
  readonly local_time?: string;
  readonly names_medication?: boolean;
  readonly says?: string;
}
interface ExpectedReminder {
  readonly dose: string;
  readonly status: string;
  readonly reason?: string;
}
interface Vector extends DeliveryCase {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly messages: readonly ExpectedMessage[];
  readonly reminders: readonly ExpectedReminder[];
  readonly deliveries?: readonly { readonly dose: string; readonly status: string }[];
  readonly orders?: readonly string[];
}

// Members that a case leaves out are absent, as its form says.
const CASES = vectors.cases as unknown as readonly Vector[];
const RULES = Object.keys(vectors.rules);
const byRule = Map.groupBy(CASES, ({ rule }) => rule);

it('every case belongs to a rule that is written down, and every rule has cases', () => {
  expect(CASES.length).toBe(vectors.count);
  expect([...byRule.keys()].toSorted()).toEqual(
    RULES.filter((rule) => rule !== 'instants' && rule !== 'never').toSorted(),
  );
  expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
});

describe.each([...byRule])('%s', (_, cases) => {
  it.each(cases)('$id $title', async (one) => {
    const play = new DeliveryPlay(one);
    await play.run();
    const { left } = play.world;

    expect(left.map((message) => told(message))).toEqual(
      one.messages.map((message) => expectedMessage(play, message)),
    );
    expect(await play.reminders()).toEqual(remindersOf(play, one.reminders));
    expect(brokenPromises(left)).toEqual([]);
    for (const found of play.findings) expectFound(play, found.event, found);
    for (const { dose, status } of one.deliveries ?? [])
      expect(await play.world.engine.store.read(play.deliveryOf(dose))).toMatchObject({ status });
    if (one.orders) {
      const rows = await play.world.engine.store.readMany(play.orders);
      expect(rows.map((row) => row?.status)).toEqual(one.orders);
    }
    await expectWarnings(play, one.events ?? []);
  });
});

const told = ({ type, due_at, at, late, possible_duplicate, to, local_time, text, ...rest }: Left) => ({
  type,
  due_at,
  at,
  late,
  possible_duplicate,
  to,
  caregiver_ids: rest.caregiver_ids,
  local_time,
  body: text.body,
});

function expectedMessage(play: DeliveryPlay, expected: ExpectedMessage) {
  const at = play.instant(expected.at);
  const latest = Date.parse(at) + (expected.within_seconds ?? 60) * 1000;
  const named = expected.names_medication;
  return {
    type: expected.type,
    due_at: play.instant(expected.dose),
    at: expect.toSatisfy(
      (left: string) => left >= at && Date.parse(left) <= latest,
      `within ${expected.within_seconds ?? 60} s from ${at} on`,
    ),
    late: expected.late === null ? expect.any(Boolean) : (expected.late ?? false),
    possible_duplicate: expected.possible_duplicate ?? false,
    to: expected.to ?? 'patient',
    caregiver_ids: expected.caregiver_ids,
    local_time: expected.local_time ?? expect.any(String),
    body: expect.toSatisfy(
      (body: string) =>
        body.includes(expected.says ?? '') && (named === undefined || /lisinopril/i.test(body) === named),
      `says "${expected.says ?? ''}", names the medication: ${named ?? 'either'}`,
    ),
  };
}

const remindersOf = (play: DeliveryPlay, expected: readonly ExpectedReminder[]) =>
  expected.map(({ dose, ...rest }) => expect.objectContaining({ due_at: play.instant(dose), ...rest }));

function expectFound(play: DeliveryPlay, event: CaseEvent, found: DeliveryPlay['findings'][number]): void {
  expect(found.refused, `${event.do} at ${event.at}`).toBe(event.refused);
  // Read from the same file, in the same form.
  const expected = event.reminders as unknown as readonly ExpectedReminder[] | undefined;
  if (expected) expect(found.reminders, `at ${event.at}`).toEqual(remindersOf(play, expected));
}

/** Doses that the result of a replacing job warns of. */
async function expectWarnings(play: DeliveryPlay, events: readonly CaseEvent[]): Promise<void> {
  const { store } = play.world.engine;
  const submits = events.filter((event) => event.do === 'submit');
  for (const [index, { warns_of }] of submits.entries()) {
    if (!warns_of) continue;
    const row = await store.read(play.orders[index + 1] ?? '');
    const result = row && (await store.result(row));
    const warnings = (result?.['warnings'] ?? []) as readonly { due_at?: string }[];
    expect(warnings.flatMap(({ due_at }) => due_at ?? [])).toEqual(
      warns_of.map((dose) => play.instant(dose)),
    );
  }
}
