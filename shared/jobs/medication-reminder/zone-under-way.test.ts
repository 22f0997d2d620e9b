import { expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { example } from './example.ts';
import { process } from './process.ts';

it('has the schedules of a user follow a zone that has changed since the request was completed', async () => {
  const bench = new KindBench('2026-03-08T09:00:00.000Z');
  const owner = bench.refs.user('patient-demo');
  const body = { userId: 'patient-demo', timeZone: 'Europe/Berlin' };
  bench.write({ type: 'user', owner, id: '', expect: 'absent', state: {}, body });
  const schedule = { ...example.schedule, times: ['08:00', '20:00'], start_date: '2026-03-08' };
  const set = async (zone: string, source: 'user' | 'request') => {
    const payload = { ...example, schedule: { ...schedule, time_zone: zone, time_zone_source: source } };
    const done = bench.commit(await process(bench.job(payload), bench.world()));
    return done.end === 'succeeded' ? done.children : done.end;
  };
  expect(await set('America/New_York', 'user')).toMatchObject([
    { kind: 'schedule-update', payload: { user_id: 'patient-demo', reason: 'zone' } },
  ]);
  expect(await set('Europe/Berlin', 'user')).toEqual([]);
  expect(await set('America/New_York', 'request')).toEqual([]);
});

it('says when the zone is one that nobody has set', async () => {
  const bench = new KindBench('2026-03-08T09:00:00.000Z');
  const schedule = { ...example.schedule, times: ['08:00', '20:00'], start_date: '2026-03-08' };
  const warned = async (source: 'user' | 'request') => {
    const zone = { time_zone: 'Europe/Berlin', time_zone_source: source };
    const payload = { ...example, schedule: { ...schedule, ...zone } };
    const done = bench.commit(await process(bench.job(payload), bench.world()));
    return JSON.stringify(done.end === 'succeeded' && done.result['warnings']);
  };
  const code = 'first_request_time_zone_used';
  expect(await warned('request')).not.toContain(code);
  expect(await warned('user')).toContain(code);
  expect(await warned('request')).not.toContain(code);
  const [user] = bench.all('user');
  if (!user) throw new Error('There is a user.');
  const owner = bench.refs.user('patient-demo');
  const body = { ...user.body, timeZoneSource: 'preferences' as const };
  bench.write({ ...user, type: 'user', owner, expect: user.version, body });
  expect(await warned('user')).not.toContain(code);
});
