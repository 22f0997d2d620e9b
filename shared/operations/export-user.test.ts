import { beforeEach, describe, expect, it } from 'vitest';
import { FieldCipherError } from '#shared/adapters/field-cipher-error.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { exportUser } from '#shared/operations/export-user.ts';
import { openBreakGlass } from '#shared/operations/open-break-glass.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { releaseFindings } from '#shared/operations/release-findings.ts';
import { reviewBreakGlass } from '#shared/operations/review-break-glass.ts';
import { problemOf } from '#test/builders/records-bench.ts';
import { PATIENT, RightsBench, USER } from '#test/builders/rights-bench.ts';
import { callerAs, deliverAll, requestAt } from '#test/builders/test-engine.ts';

const SECTIONS = [
  'preferences',
  'medications',
  'schedules',
  'supply_counts',
  'reminders',
  'import_lines',
  'jobs',
] as const;

type Page = Readonly<Record<string, readonly JsonObject[]>> & { readonly next_cursor?: string };

let bench: RightsBench;
let checkId: string;
beforeEach(async () => {
  bench = new RightsBench();
  checkId = (await bench.fill()).check.jobId;
  const at = requestAt(bench.engine);
  const patient = { userId: USER };
  await putPreferences(bench.engine, PATIENT, patient, { time_zone: 'Europe/Berlin', follow: 'home' }, at);
  const medication = { userId: USER, medicationId: 'm1' };
  const facts = { name: 'simvastatin', rxcui: '36567', last_fill_date: '2026-11-20', days_supply: 30 };
  await putMedication(bench.engine, PATIENT, medication, facts, at);
  await bench.ran('refill-check', { user_id: USER, medication_id: 'm1', current_supply: 12 });
  bench.engine.db.applyWrites([
    {
      type: 'occurrence',
      owner: bench.owner,
      id: `2026-11-23_0800_${bench.engine.refs.medication(USER, 'm1')}`,
      expect: 'absent',
      state: {
        status: 'taken',
        dueAt: '2026-11-23T08:00:00.000Z',
        scheduleRevision: 1,
        reason: null,
        acknowledgement: {
          outcome: 'taken',
          at: '2026-11-23T08:05:00.000Z',
          recordedAt: '2026-11-23T08:05:00.000Z',
          by: { ref: 'x', role: 'patient' },
        },
      },
      body: {
        userId: USER,
        medicationId: 'm1',
        localTime: '2026-11-23T08:00:00+00:00',
        timeZone: 'UTC',
        slots: ['08:00'],
      },
    },
    {
      type: 'import-line',
      owner: bench.owner,
      id: '01HZZZZZZZZZZZZZZZZZZZZZZZ#1',
      expect: 'absent',
      state: { acceptedAt: '2026-11-22T00:00:00.000Z' },
      body: { request: { user_id: USER, medication_id: 'm1' } },
    },
  ]);
});

const take = async (query: Partial<Parameters<typeof exportUser>[2]['query']> = {}, caller = PATIENT) => {
  const target = { userId: USER, query: { format: 'json' as const, limit: 500, ...query } };
  return (await exportUser(bench.engine, caller, target, requestAt(bench.engine))) as unknown as Page;
};

describe('the copy of everything that is held about a patient', () => {
  it('has every record and every job, with what was asked and answered', async () => {
    const whole = await take();
    expect(whole['next_cursor']).toBeUndefined();
    expect(SECTIONS.map((section) => whole[section]?.length)).toEqual([1, 1, 1, 1, 1, 1, 5]);
    expect(whole['preferences']?.[0]).toMatchObject({ user_id: USER, time_zone: 'Europe/Berlin' });
    expect(whole['medications']?.[0]).toMatchObject({
      medication_id: 'm1',
      name: 'simvastatin',
      last_fill_date: '2026-11-20',
      status: 'active',
    });
    expect(whole['schedules']?.[0]).toMatchObject({ frequency: 'BID', times: ['08:00', '20:00'] });
    expect(whole['reminders']?.[0]).toMatchObject({
      status: 'taken',
      acknowledgement: { outcome: 'taken', recorded_at: '2026-11-23T08:05:00.000Z' },
    });
    expect(whole['jobs']?.map(({ kind, request }) => [kind, typeof request])).toEqual(
      expect.arrayContaining([
        ['medication-reminder', 'object'],
        ['interaction-check', 'object'],
        ['refill-check', 'object'],
      ]),
    );
    const refill = whole['jobs']?.find(
      ({ kind, status }) => kind === 'refill-check' && status === 'succeeded',
    );
    expect(refill).toMatchObject({ request: { current_supply: 12 }, result: expect.any(Object) });
    // Nothing of what proves the trail, and nothing of anybody else.
    expect(JSON.stringify(whole)).not.toContain('"salt"');
  });

  it('tells that there was emergency access, and neither why nor what a reviewer said of it', async () => {
    const request = requestAt(bench.engine);
    const words = { reason: 'Found unconscious in the street.', note: 'Right, but ask the ward first.' };
    const { grant_id } = await openBreakGlass(
      bench.engine,
      {
        body: { user_id: USER, reason_code: 'unresponsive_patient', reason: words.reason },
        caller: callerAs('clinician', 'dr-1'),
        role: 'clinician',
        checks: [],
      },
      request,
    );
    await deliverAll(bench.engine);
    const body = { verdict: 'justified', note: words.note } as const;
    const reviewed = { grantId: String(grant_id), body };
    await reviewBreakGlass(bench.engine, callerAs('auditor', 'a-1'), reviewed, request);
    const whole = await take();
    const notice = whole['jobs']?.find(({ kind }) => kind === 'break-glass-notice');
    expect(notice).toMatchObject({ request: { grant_id, role: 'clinician', user_id: USER } });
    for (const text of [words.reason, words.note, 'unresponsive_patient', 'justified', 'dr-1', 'a-1'])
      expect(JSON.stringify(whole)).not.toContain(text);
  });

  it('shows findings as far as a professional released them, and says which check that concerns', async () => {
    const checkIn = (page: Page) => page['jobs']?.find(({ job_id }) => job_id === checkId);
    const hidden = checkIn(await take());
    expect(hidden).toMatchObject({
      findings: 'not_released',
      request: { medications: ['simvastatin', 'clarithromycin'] },
    });
    expect(JSON.stringify(hidden?.['result'])).not.toMatch(/contraindicated|simvastatin/);
    const harmless = await bench.ran('interaction-check', { user_id: USER, medications: ['aspirin'] });
    const alike = (await take())['jobs']?.find(({ job_id }) => job_id === harmless.jobId);
    // Whether anything was found cannot be told from what is withheld.
    expect(alike).toMatchObject({ findings: 'not_released', result: hidden?.['result'] });
    Object.assign(bench.engine.settings, { patientRelease: true });
    const pharmacist = callerAs('pharmacist', 'ph', [USER]);
    const body = { findings: 'all' as const };
    await releaseFindings(bench.engine, pharmacist, checkId, body, requestAt(bench.engine));
    const released = checkIn(await take());
    expect(released).toMatchObject({ findings: 'released' });
    expect(released?.['result']).toMatchObject({
      released: { by: 'pharmacist', findings: [{ medications: ['clarithromycin', 'simvastatin'] }] },
    });
  });

  it('comes in pages of any size that leave nothing out and repeat nothing', async () => {
    const whole = await take();
    for (const limit of [1, 2, 3, 7]) {
      const pages: Page[] = [];
      let cursor: string | undefined;
      do {
        const page = await take({ limit, ...(cursor !== undefined && { cursor }) });
        pages.push(page);
        cursor = page['next_cursor'] as string | undefined;
      } while (cursor !== undefined);
      for (const section of SECTIONS)
        expect(pages.flatMap((page) => page[section] ?? [])).toEqual(whole[section]);
      expect(pages.length).toBe(Math.ceil(11 / limit));
    }
  });

  it('keeps a page small, however large what it holds is', async () => {
    const { db } = bench.engine;
    for (const id of [...db.payloads.keys()])
      db.payloads.set(id, { v: 1, salt: 's', body: { text: 'x'.repeat(600_000) } });
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await take({ format: 'fhir', ...(cursor !== undefined && { cursor }) });
      sizes.push(JSON.stringify(page).length);
      const [link] = (page['link'] ?? []) as unknown as { url: string }[];
      cursor = link && (new URL(link.url, 'https://x').searchParams.get('cursor') ?? undefined);
    } while (cursor !== undefined);
    expect(sizes.length).toBe(5);
    expect(Math.max(...sizes)).toBeLessThan(2_000_000);
  });

  it('lists what cannot be read, and hides nothing else for it, in pages of any size', async () => {
    const { db } = bench.engine;
    const whole = await take();
    const key = [...db.records.keys()].find((one) => one.startsWith(`${bench.owner}/schedule#`)) ?? '';
    db.damaged.add(key).add(checkId);
    const { payload } = bench.engine.store;
    bench.engine.store.payload = async (row) => {
      if (row.kind === 'refill-check') throw new FieldCipherError('not_authentic', 'damaged');
      return payload(row);
    };
    const damaged = await take();
    expect(damaged['unreadable']).toEqual([
      { section: 'schedules', reason: 'damaged', count: 1 },
      { section: 'jobs', reason: 'damaged', count: 2 },
      { section: 'jobs', reason: 'form', count: 1 },
    ]);
    expect(SECTIONS.map((section) => damaged[section]?.length)).toEqual([1, 1, 0, 1, 1, 1, 4]);
    expect(damaged['medications']).toEqual(whole['medications']);
    const entries = [...db.audit.values()].filter(({ action }) => action === 'user.exported');
    expect(entries.at(-1)?.details).toMatchObject({ schedules: 0, unreadable: 4 });

    const pages: Page[] = [];
    let cursor: string | undefined;
    do {
      const page = await take({ limit: 1, ...(cursor !== undefined && { cursor }) });
      pages.push(page);
      cursor = page['next_cursor'] as string | undefined;
    } while (cursor !== undefined);
    for (const section of SECTIONS)
      expect(pages.flatMap((page) => page[section] ?? [])).toEqual(damaged[section]);
    const lost = pages.flatMap((page) => page['unreadable'] ?? []);
    expect(lost.reduce((sum, { count }) => sum + Number(count), 0)).toBe(4);

    const bundle = JSON.stringify(await take({ format: 'fhir' }));
    expect(bundle).toContain('"resourceType":"OperationOutcome"');
    expect(bundle).toContain('1 of schedules cannot be read: damaged.');
  });

  it('lists a large result that is lost, and shows its job without it', async () => {
    const whole = await take();
    bench.engine.db.lost.add(checkId);
    const page = await take();
    expect(page['unreadable']).toEqual([{ section: 'jobs', reason: 'lost', count: 1 }]);
    expect(page['jobs']).toHaveLength(whole['jobs']?.length ?? 0);
    const check = page['jobs']?.find(({ job_id }) => job_id === checkId);
    expect(check).toMatchObject({ request: expect.any(Object) });
    expect(check).not.toHaveProperty('result');
  });

  it('fails when what opens it is away: that is nothing to be listed', async () => {
    bench.engine.store.payload = async () => {
      throw new FieldCipherError('key_unusable', 'KMS made a data key without bytes.');
    };
    await expect(take()).rejects.toMatchObject({ code: 'key_unusable' });
  });

  it('is recorded before it is shown: each page is a disclosure', async () => {
    await take({ limit: 6 });
    const [entry] = [...bench.engine.db.audit.values()].filter(({ action }) => action === 'user.exported');
    expect(entry).toMatchObject({
      subjectRef: bench.owner,
      details: { format: 'json', more: true, reminders: 1, jobs: 0 },
    });
    bench.engine.audit.put = async () => {
      throw new Error('The table is away.');
    };
    expect((await problemOf(take())).code).toBe('read_not_recorded');
  });

  it.each(['caregiver', 'clinician', 'pharmacist', 'analyst', 'operator', 'auditor', 'admin'] as const)(
    'is not for a %s',
    async (role) => {
      expect((await problemOf(take({}, callerAs(role, 'x', [USER])))).code).toBe('forbidden');
    },
  );

  it('is not for another patient; and a cursor that is none of ours is refused', async () => {
    expect((await problemOf(take({}, callerAs('patient', 'user-2')))).code).toBe('forbidden');
    for (const cursor of ['x', 'e30', Buffer.from('{"section":-1}').toString('base64url')])
      expect((await problemOf(take({ cursor }))).code).toBe('invalid_input');
  });

  it('is empty after an erasure', async () => {
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    const empty = await take();
    expect(SECTIONS.slice(0, -1).map((section) => empty[section])).toEqual([[], [], [], [], [], []]);
  });
});

interface Resource extends JsonObject {
  readonly resourceType: string;
  readonly id: string;
  readonly status: string;
}

/** Elements that FHIR R4 (4.0.1) demands of each resource, and the codes that it has for its status. */
const DEMANDED: Readonly<Record<string, { readonly elements: readonly string[]; readonly status?: RegExp }>> =
  {
    Patient: { elements: [] },
    MedicationStatement: {
      elements: ['status', 'medicationCodeableConcept', 'subject'],
      status: /^(active|completed|entered-in-error|intended|stopped|on-hold|unknown|not-taken)$/,
    },
    MedicationDispense: { elements: ['status', 'medicationCodeableConcept'], status: /^completed$/ },
    MedicationRequest: {
      elements: ['status', 'intent', 'medicationCodeableConcept', 'subject'],
      status: /^(active|on-hold|cancelled|completed|entered-in-error|stopped|draft|unknown)$/,
    },
    MedicationAdministration: {
      elements: ['status', 'medicationCodeableConcept', 'subject', 'effectiveDateTime'],
      status: /^(in-progress|not-done|on-hold|completed|entered-in-error|stopped|unknown)$/,
    },
    Task: {
      elements: ['status', 'intent'],
      status:
        /^(draft|requested|received|accepted|rejected|ready|cancelled|in-progress|on-hold|failed|completed|entered-in-error)$/,
    },
    DocumentReference: { elements: ['status', 'content'], status: /^(current|superseded|entered-in-error)$/ },
  };

describe('as a Bundle of FHIR', () => {
  const bundle = async () => {
    const page = await take({ format: 'fhir' });
    const entries = page['entry'] as unknown as { fullUrl: string; resource: Resource }[];
    return { page, entries, resources: entries.map(({ resource }) => resource) };
  };

  it('holds what FHIR demands of each resource, under ids of its own form, without a dangling reference', async () => {
    const { page, entries, resources } = await bundle();
    expect(page).toMatchObject({ resourceType: 'Bundle', type: 'collection' });
    expect(new Set(resources.map(({ resourceType }) => resourceType))).toEqual(
      new Set(Object.keys(DEMANDED)),
    );
    const urls = new Set(entries.map(({ fullUrl }) => fullUrl));
    expect(urls.size).toBe(entries.length);
    for (const resource of resources) {
      expect(resource.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
      const { elements, status } = DEMANDED[resource.resourceType] ?? { elements: ['?'] };
      for (const element of elements) expect(resource).toHaveProperty(element);
      if (status) expect(resource.status).toMatch(status);
    }
    for (const [, reference] of JSON.stringify(page).matchAll(/"reference":"([^"]+)"/g))
      expect(urls).toContain(reference);
  });

  it('says what was taken, what is meant to be taken, and what was dispensed', async () => {
    const { resources } = await bundle();
    const of = (type: string) => resources.find(({ resourceType }) => resourceType === type);
    expect(of('MedicationAdministration')).toMatchObject({
      status: 'completed',
      effectiveDateTime: '2026-11-23T08:05:00.000Z',
    });
    expect(of('MedicationRequest')).toMatchObject({
      intent: 'plan',
      dosageInstruction: [
        { timing: { repeat: { timeOfDay: ['08:00:00', '20:00:00'] }, code: { text: 'BID' } } },
      ],
    });
    expect(of('MedicationStatement')).toMatchObject({
      medicationCodeableConcept: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '36567' }],
        text: 'simvastatin',
      },
    });
    expect(of('MedicationDispense')).toMatchObject({
      whenHandedOver: '2026-11-20',
      daysSupply: { value: 30, code: 'd' },
    });
  });

  it('never says of a dose without an answer that it was not taken', async () => {
    const { db } = bench.engine;
    const key = [...db.records.keys()].find((one) => one.includes('/occurrence#')) ?? '';
    const record = db.records.get(key);
    if (!record) throw new Error('There is a dose.');
    const statusAs = async (status: string) => {
      const { acknowledgement, ...state } = Object(record.state);
      db.records.set(key, { ...record, state: { ...state, status } });
      const { resources } = await bundle();
      return resources.find(({ resourceType }) => resourceType === 'MedicationAdministration')?.status;
    };
    expect(await statusAs('published')).toBe('unknown');
    expect(await statusAs('not_sent')).toBe('unknown');
    expect(await statusAs('skipped')).toBe('not-done');
  });
});
