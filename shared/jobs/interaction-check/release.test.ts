import { describe, expect, it } from 'vitest';
import { checkInteractions } from '../../clinical/interactions/index.ts';
import type { JsonObject, Release } from '../ports.ts';
import { releasable, releasedView } from './release.ts';

const result: JsonObject = checkInteractions(['Zocor', 'clarithromycin', 'warfarin', 'ibuprofen']);
const release = (over: Partial<Release> = {}): Release => ({
  revision: 1,
  releasedAt: '2026-11-23T20:55:41.000Z',
  role: 'pharmacist',
  findings: releasable(result),
  note: 'Stop Zocor while you take the antibiotic.',
  ...over,
});

describe('what a patient is told of released findings', () => {
  it('is those findings in plain words, with the note and who released them', () => {
    const [first = ''] = releasable(result);
    expect(releasable(result).length).toBeGreaterThan(1);
    expect(releasedView(result, release({ findings: [first] }))).toEqual({
      checked: true,
      message: expect.stringContaining('Do not start, stop or change a medication'),
      released: {
        at: '2026-11-23T20:55:41.000Z',
        by: 'pharmacist',
        findings: [
          {
            id: first,
            medications: expect.any(Array),
            message: expect.stringMatching(/ and .*: these are usually not taken together\.$/),
          },
        ],
        note: 'Stop Zocor while you take the antibiotic.',
      },
    });
  });

  it('holds neither mechanism nor management nor anything else that is written for professionals', () => {
    const told = JSON.stringify(releasedView(result, release()));
    for (const word of ['mechanism', 'management', 'clinical_effect', 'evidence', 'rule_id', 'recognised'])
      expect(told).not.toContain(word);
  });

  it('is the neutral sentence when nothing of the result is released', () => {
    const view = releasedView(result, release({ findings: ['another-rule/x+y'] }));
    expect(view).not.toHaveProperty('released');
    expect(releasedView({}, release())).toEqual(view);
  });
});
