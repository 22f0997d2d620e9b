import { describe, expect, it } from 'vitest';
import { LINES_PER_CHUNK, planChunks, planLeaves } from './plan-chunks.ts';

const sizes = [1, 2, 20, 21, 120, 600, 601, 1_999, 2_000];

describe.each(sizes)('%i lines', (lines) => {
  it('are split into at most 30 parts, none left out, none twice', () => {
    const parts = planChunks(lines);
    expect(parts.length).toBeLessThanOrEqual(30);
    expect(parts[0]?.start).toBe(0);
    expect(parts.at(-1)?.end).toBe(lines);
    parts.forEach(({ start }, index) => {
      if (index > 0) expect(start).toBe(parts[index - 1]?.end);
    });
  });

  it('end in chunks that fit into a transaction, at most two levels down, found by their path', () => {
    const leaves = planLeaves(lines);
    let next = 0;
    for (const { start, end, path } of leaves) {
      expect(start).toBe(next);
      expect(end - start).toBeLessThanOrEqual(LINES_PER_CHUNK);
      expect(path.length).toBeLessThanOrEqual(2);
      next = end;
      const [top = 0, below] = path;
      const part = planChunks(lines)[top] ?? { start: 0, end: lines };
      const inPart = below === undefined ? { start: 0 } : planChunks(part.end - part.start)[below];
      expect(part.start + (inPart?.start ?? 0)).toBe(start);
    }
    expect(next).toBe(lines);
  });
});
