import { describe, expect, it } from 'vitest';
import { checkInteractions, OUTCOMES, patientView } from './index.ts';

describe('patientView', () => {
  it('says the same whatever was found', () => {
    const [error, ...others] = OUTCOMES.map((outcome) => patientView({ outcome }));
    expect(new Set(others.map((view) => JSON.stringify(view))).size).toBe(1);
    expect(others[0]?.checked).toBe(true);
    expect(error?.checked).toBe(false);
  });

  it('names no drug, no level and no number', () => {
    const text = JSON.stringify(patientView(checkInteractions(['Zocor', 'clarithromycin'])));
    expect(text).not.toMatch(/zocor|simvastatin|clarithromycin|contraindicated|major|\d/iu);
    expect(text).toMatch(/pharmacist or clinician will look/u);
  });
});
