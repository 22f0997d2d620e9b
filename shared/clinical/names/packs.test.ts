import { describe, expect, it } from 'vitest';
import { packParts } from './packs.ts';

describe('packParts', () => {
  it('lists what a pack holds, without its inert tablets', () => {
    const pack =
      '{21 (ethinyl estradiol 0.03 mg / levonorgestrel 0.15 mg oral tablet) / 7 (inert ingredients 1 mg oral tablet) } pack [seasonal]';
    expect(packParts(pack)).toEqual(['ethinyl estradiol 0.03 mg / levonorgestrel 0.15 mg oral tablet']);
  });

  it('lists nothing of what is no pack', () => {
    expect(packParts('warfarin (5 mg)')).toEqual([]);
    expect(packParts('{} pack')).toEqual([]);
  });
});
