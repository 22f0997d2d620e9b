import { type Guide, later, SUPPLY } from './guide.ts';

const ERASED = 'permissions-erased';

/** A copy, an account of disclosures, and an erasure of a user of whom there is everything that is taken away. */
export async function rights({ stack, submit, ended }: Guide): Promise<void> {
  const [first, second] = [
    await stack.token('admin', 'tour-admin-1'),
    await stack.token('admin', 'tour-admin-2'),
  ];
  const path = `/users/${ERASED}`;
  const schedule = { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' };
  await ended(
    await submit('medication-reminder', { user_id: ERASED, medication_id: 'med-erased', schedule }),
  );
  await ended(
    await submit('interaction-check', { user_id: ERASED, medications: ['Zocor', 'clarithromycin'] }),
  );
  await submit('refill-check', {
    ...SUPPLY,
    user_id: ERASED,
    medication_id: 'med-erased',
    run_at: await later(stack, 30 * 86_400),
  });
  const service = await stack.token('service', 'tour-service');
  // Whom the user has let in finds the user in lists; an erasure takes that away as well.
  const member = { member_id: 'tour-nurse', scope: ['see_reminders'], consented_at: '2026-01-01T00:00:00Z' };
  const team = await stack.call('PUT', `${path}/care-team`, {
    token: service,
    body: { care_team: [member] },
  });
  if (team.status !== 200) throw new Error(`No care team: ${JSON.stringify(team.body)}`);
  for (const below of ['export', 'disclosures']) {
    const answer = await stack.call('GET', `${path}/${below}`, { token: service });
    if (answer.status !== 200) throw new Error(`No ${below}: ${JSON.stringify(answer.body)}`);
    await stack.call('GET', `${path}/${below}`, { token: 'nonsense' });
  }
  const asked = await stack.call('DELETE', path, { token: first });
  const body = { decision: 'confirm', erasure_id: Object(asked.body).erasure_id };
  const { status } = await stack.call('POST', `${path}/erasure`, { token: second, body });
  if (status !== 200) throw new Error(`Not confirmed: ${status}.`);
  await stack.call('GET', `${path}/erasure`, { token: first });
  await stack.clock.advance('P7DT1M');
  await stack.invoke('erasure');
  await stack.clock.advance('PT15M');
  await stack.invoke('erasure');
  const erased = await stack.call('GET', `${path}/erasure`, { token: first });
  if (Object(erased.body).status !== 'erased') throw new Error(`Not erased: ${JSON.stringify(erased.body)}`);
}
