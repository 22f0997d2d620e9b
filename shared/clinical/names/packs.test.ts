import { describe, expect, it } from 'vitest';
import { packIn } from './packs.ts';

const PILLS = 'ethinyl estradiol 0.03 mg / levonorgestrel 0.15 mg oral tablet';

describe('packIn', () => {
  it('lists what a pack holds, without its inert tablets, and its brand', () => {
    const pack = `{21 (${PILLS}) / 7 (inert ingredients 1 mg oral tablet) } pack`;
    expect(packIn(pack)).toEqual({ parts: [PILLS], brand: undefined });
    expect(packIn(`${pack} [seasonal]`)).toEqual({ parts: [PILLS], brand: 'seasonal' });
  });

  it('takes for inert only what says nothing else', () => {
    const mixed = `{21 (${PILLS}) / 7 (inert ingredients warfrin) } pack`;
    expect(packIn(mixed)?.parts).toEqual([PILLS, 'inert ingredients warfrin']);
  });

  it.each(['warfarin (5 mg)', '{} pack', `{21 (${PILLS}) warfrin } pack`, '{7 (inert ingredients) } pack'])(
    'reads nothing of %j',
    (text) => {
      expect(packIn(text)).toBeUndefined();
    },
  );
});
