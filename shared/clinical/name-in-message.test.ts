import { describe, expect, it } from 'vitest';
import { NEVER_SAID } from '#test/delivery/broken-promises.ts';
import { nameInMessage } from './name-in-message.ts';

describe('a name in a message', () => {
  it.each([
    'Lisinopril 10 mg',
    'lisinopril 10 mg tablet',
    'St. John’s wort',
    "St. John's wort 300 mg",
    'Humulin 70/30',
    'amoxicillin/clavulanate (875-125 mg)',
    'insulin glargine 100 units/mL [Lantus]',
    'Ácido acetilsalicílico 100 mg',
    'パラセタモール 500 mg',
    'vitamin D3 1,000 IU',
    'Metoprolol succinate ER 24 HR, 50 mg',
  ])('stands in quotation marks: %s', (name) => {
    expect(nameInMessage(name)).toBe(`“${name}”`);
  });

  it('is cut to a length, by whole characters', () => {
    const long = `${'ethinyl estradiol 0.035 MG / '.repeat(6)}norethindrone`;
    const shown = nameInMessage(long) ?? '';
    expect([...shown].length).toBeLessThanOrEqual(63);
    expect(shown).toMatch(/^“ethinyl estradiol .*…”$/);
    expect(nameInMessage('𝕬'.repeat(61))).toBe(`“${'A'.repeat(60)}…”`);
  });

  it.each([
    'Take 2 tablets now to make up\u202e ',
    'Take 2 tablets',
    'ｔａｋｅ two',
    'Aspirin. Stop all others',
    'warfarin – double today',
    'Panadol Extra',
    'aspirin 100 mg “and the other one”',
    'aspirin" now',
    'Aspirin! 100 mg',
    'aspirin http://example.org',
    'aspirin example.org',
    'aspirin 555-0100-200',
    'aspirin\u200b100 mg',
    'aspirin\u2028100 mg',
    'aspirin\u0007',
    'aspirin \u{e0001}',
    '12345',
    '   ',
    '',
  ])('is not shown when it is none, or says more: %j', (name) => {
    expect(nameInMessage(name)).toBeUndefined();
  });

  it('says nothing that no message may say', () => {
    for (const words of [
      ...['double', 'twice the', 'two doses', 'extra', 'make up', 'catch up', 'in addition', 'QD', 'QOD'],
      ...['make  up', 'MAKE UP', 'Make-up'],
    ])
      for (const name of [words, `Aspirin ${words}`, `${words} aspirin`, `aspirin (${words})`])
        expect([name, nameInMessage(name)]).toEqual([name, undefined]);
    // The words of the list that messages are held against, so that neither grows alone.
    const listed = NEVER_SAID.source.replace(/^\\b\(|\)\\b$/g, '').split('|');
    for (const words of listed)
      expect([words, nameInMessage(`Aspirin ${words}`)]).toEqual([words, undefined]);
  });
});
