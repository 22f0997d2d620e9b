import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runAttempt } from '#shared/operations/run-attempt.ts';
import { type CaseEvent, type DeliveryCase, DeliveryPlay } from '#test/builders/delivery-case.ts';
import { racedEngine } from '#test/builders/raced-engine.ts';
import { brokenPromises } from './broken-promises.ts';

const CAREGIVERS = [
  { caregiver_id: 'daughter', scope: ['receive_escalations'], consented_at: '2027-01-01T00:00:00Z' },
];
const day = (clock: string): string => `2027-03-01T${clock}`;
const ONCE: DeliveryCase['schedule'] = { frequency: 'QD', times: ['08:00'], end_date: '2027-03-01' };
const TWICE: DeliveryCase['schedule'] = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  end_date: '2027-03-01',
};

const playOf = (schedule: object, events: CaseEvent[] = []): DeliveryPlay =>
  new DeliveryPlay({
    zone: 'America/New_York',
    begin: day('07:00'),
    end: day('23:30'),
    preferences: { time_zone: 'America/New_York', caregivers: CAREGIVERS },
    schedule: { ...ONCE, ...schedule },
    events,
  });

/** What left, in UTC: `13:00:00 due`. */
async function sent(play: DeliveryPlay): Promise<string[]> {
  await play.run();
  return play.world.left.map(({ at, type }) => `${at.slice(11, 19)} ${type.slice('reminder.'.length)}`);
}

const snooze = (at: string, until: string): CaseEvent => ({
  at: day(at),
  do: 'acknowledge',
  dose: day('08:00'),
  body: { status: 'snoozed', snooze_until: day(until) },
});
const away = (message: string, from: string, until: string): CaseEvent => ({
  at: day(from),
  do: 'topic_off',
  for: [`reminder.${message}`],
  until: day(until),
});
const stayIn = (zone: string): CaseEvent => ({
  at: day('08:20'),
  do: 'put_preferences',
  body: {
    time_zone: 'America/New_York',
    current_time_zone: zone,
    follow: 'current',
    caregivers: CAREGIVERS,
  },
});
const times = (messages: readonly string[], type: string) => messages.filter((one) => one.endsWith(type));

describe('two jobs that tell the same message', () => {
  it('do not take each other’s failure for a success: one of two escalations leaves', async () => {
    const play = playOf({ escalate_after_minutes: 30 }, [
      away('escalation', '08:29:20', '08:29:50'),
      {
        at: day('08:29:30'),
        do: 'delivery_report',
        dose: day('08:00'),
        body: { status: 'failed', channel: 'push', at: day('08:01') },
      },
    ]);
    expect(times(await sent(play), 'escalation')).toHaveLength(1);
  });

  it('also of a snooze that was asked for twice', async () => {
    const play = playOf({}, [
      snooze('08:05', '09:00'),
      snooze('08:06', '09:30'),
      snooze('08:07', '09:00'),
      away('follow_up', '08:59', '09:00:30'),
    ]);
    expect(times(await sent(play), 'follow_up')).toHaveLength(1);
  });

  it('a follow-up and an escalation of one moment, in any order of their steps: once each', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const play = playOf({ follow_up: { count: 1, every_minutes: 30 }, escalate_after_minutes: 30 });
      const { engine } = play.world;
      play.world.plan(play.instant(day('08:30')), async () => {
        const raced = racedEngine(engine, scheduler).engine;
        const work: Promise<unknown>[] = [];
        for (let got = engine.queue.receive(() => 60); got; got = engine.queue.receive(() => 60)) {
          const { message, receiptHandle } = got;
          work.push(runAttempt(raced, message).then(() => engine.queue.delete(receiptHandle)));
        }
        await scheduler.waitFor(Promise.all(work));
      });
      const messages = await sent(play);
      expect(brokenPromises(play.world.left)).toEqual([]);
      expect(times(messages, 'escalation')).toHaveLength(1);
      expect(times(messages, 'follow_up')).toHaveLength(1);
    });
    await fc.assert(property, { numRuns: 30 });
  }, 60_000);
});

describe('what follows a dose that was told', () => {
  const FOLLOWED = { ...TWICE, follow_up: { count: 1, every_minutes: 30 }, escalate_after_minutes: 60 };

  it.each(['America/Detroit', 'America/Chicago'])('goes on when the clock changes: %s', async (zone) => {
    const messages = await sent(playOf(FOLLOWED, [stayIn(zone)]));
    expect(messages).toContain('13:30:00 follow_up');
    expect(messages).toContain('14:00:00 escalation');
  });

  it('a snooze as well', async () => {
    const messages = await sent(playOf(TWICE, [snooze('08:05', '09:00'), stayIn('America/Detroit')]));
    expect(messages).toContain('14:00:00 follow_up');
  });

  it('goes on when the same schedule is sent once more, also a snooze after that', async () => {
    const again: CaseEvent = { at: day('08:10'), do: 'submit', schedule: FOLLOWED };
    expect(await sent(playOf(FOLLOWED, [again]))).toContain('14:00:00 escalation');
    const same: CaseEvent = { at: day('08:10'), do: 'submit', schedule: TWICE };
    expect(await sent(playOf(TWICE, [same, snooze('08:20', '09:00')]))).toContain('14:00:00 follow_up');
  });

  it('of a critical dose that did not arrive the caregiver is told, also after a resubmission', async () => {
    const critical = { ...TWICE, critical: true };
    const play = playOf(critical, [
      { at: day('08:10'), do: 'submit', schedule: critical },
      {
        at: day('08:20'),
        do: 'delivery_report',
        dose: day('08:00'),
        body: { status: 'failed', channel: 'push', at: day('08:19') },
      },
    ]);
    expect(await sent(play)).toContain('13:20:00 escalation');
  });
});

describe('a snooze', () => {
  it('puts the escalation off by as much, and replaces the one before', async () => {
    const play = playOf({ escalate_after_minutes: 60 }, [snooze('08:05', '08:50')]);
    expect(await sent(play)).toEqual(['13:00:00 due', '13:50:00 follow_up', '14:50:00 escalation']);
  });

  it('whose message cannot leave does not keep the caregiver from being told', async () => {
    const play = playOf({ escalate_after_minutes: 60 }, [
      snooze('08:10', '08:30'),
      away('follow_up', '08:29', '08:40'),
    ]);
    expect(times(await sent(play), 'escalation')).toEqual(['14:30:00 escalation']);
  });
});
