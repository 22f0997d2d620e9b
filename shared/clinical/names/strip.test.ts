import { describe, expect, it } from 'vitest';
import { stripBareNumbers, stripForms, stripSalts, stripStrengths } from './strip.ts';

describe('stripStrengths', () => {
  it.each([
    ['amoxicillin 500 mg capsule', 'amoxicillin capsule'],
    ['fentanyl 25 mcg/hr patch', 'fentanyl patch'],
    ['heparin 5,000 units/ml', 'heparin'],
    ['metformin 500mg', 'metformin'],
    ['dextromethorphan 2 mg/ml / guaifenesin 20 mg/ml', 'dextromethorphan / guaifenesin'],
    ['lisinopril 10-12.5 mg', 'lisinopril'],
    ['estradiol 0.1 %', 'estradiol'],
    ['cisatracurium preservative free', 'cisatracurium'],
    ['ibuprofen 200mg 2 tablets', 'ibuprofen'],
    ['ibuprofen200mg', 'ibuprofen'],
    ['albuterol 108 (90 base) mcg/act', 'albuterol'],
    ['insulin lispro u-100', 'insulin lispro'],
  ])('%j leaves %j', (text, rest) => {
    expect(stripStrengths(text)).toBe(rest);
  });

  it('leaves numbers that belong to a name', () => {
    expect(stripStrengths('vitamin b12')).toBe('vitamin b12');
    expect(stripStrengths('tylenol 3')).toBe('tylenol 3');
  });
});

describe('stripBareNumbers', () => {
  it('tells how many numbers went', () => {
    expect(stripBareNumbers('percocet 5/325')).toEqual({ text: 'percocet', numbers: 2 });
    expect(stripBareNumbers('warfarin 5')).toEqual({ text: 'warfarin', numbers: 1 });
    expect(stripBareNumbers('warfarin')).toEqual({ text: 'warfarin', numbers: 0 });
  });
});

describe('stripForms', () => {
  it('takes forms, routes and release words off, and nothing else', () => {
    expect(stripForms('metoprolol er oral tablet')).toBe('metoprolol');
    expect(stripForms('claritin d')).toBe('claritin d');
    expect(stripForms('robitussin dm syrup')).toBe('robitussin dm');
  });
});

describe('stripSalts', () => {
  it('takes salts off one by one', () => {
    expect(stripSalts('atorvastatin calcium trihydrate')).toEqual(['atorvastatin calcium', 'atorvastatin']);
  });

  it.each([
    'lithium carbonate',
    'potassium chloride',
    'ferrous sulfate',
    'magnesium oxide',
    'sodium bicarbonate',
  ])('never leaves only a mineral of %s', (text) => {
    expect(stripSalts(text)).toEqual([]);
  });

  it('does not lose the second substance of a text', () => {
    expect(stripSalts('aspirin calcium carbonate')).toEqual([]);
  });
});
