import { describe, expect, it } from 'vitest';
import type { Window } from '../lib/types';
import { classOf, heat, isFailing } from './heat';

const MINUTE = 60_000;

function window(target: string, minute: number, p95: number | null, failed = 0): Window {
  return {
    client_id: 'a',
    target,
    window_start_ts: new Date(minute * MINUTE).toISOString(),
    count_total: 4,
    count_error: failed,
    total_p95: p95,
  } as Window;
}

const RANGE = { from: 0, to: 60 * MINUTE, name: null };

describe('a heat map', () => {
  it('has a column for each window, with a gap where there is none', () => {
    const of = heat([window('t', 1, 9)], 'target', RANGE, '1m');

    expect(of.times).toHaveLength(60);
    expect(of.rows[0]!.cells[0]).toBeUndefined();
    expect(of.rows[0]!.cells[1]).toEqual({ p95: 9, failed: 0, measurements: 4 });
  });

  it('takes the worst where there are more windows than columns', () => {
    const of = heat([window('t', 0, 9), window('t', 1, 90, 2)], 'target', { ...RANGE, to: 144 * MINUTE }, '1m');

    expect(of.times).toHaveLength(72);
    expect(of.rows[0]!.cells[0]).toEqual({ p95: 90, failed: 2, measurements: 8 });
  });

  it('names the worst first: who fails, then who is slow', () => {
    const windows = [window('fast', 0, 5), window('fails', 0, null, 4), window('slow', 0, 80)];

    expect(heat(windows, 'target', RANGE, '1m').rows.map((row) => row.name)).toEqual(['fails', 'slow', 'fast']);
  });

  it('says how many rows it leaves out', () => {
    const windows = Array.from({ length: 30 }, (_, i) => window(`t${i}`, 0, i));

    const of = heat(windows, 'target', RANGE, '1m');

    expect(of.rows).toHaveLength(24);
    expect(of.more).toBe(6);
    expect(of.rows[0]!.name).toBe('t29');
  });
});

describe('the classes of a heat map', () => {
  it('hold about as many cells each', () => {
    const { limits } = heat(
      Array.from({ length: 50 }, (_, i) => window('t', i, i + 1)),
      'target',
      RANGE,
      '1m',
    );

    expect(limits).toEqual([10, 20, 30, 40]);
    expect([1, 10, 11, 50].map((p95) => classOf(p95, limits))).toEqual([0, 0, 1, 4]);
  });

  it('are one where all are alike', () => {
    const { limits, most } = heat([window('t', 0, 5), window('t', 1, 5)], 'target', RANGE, '1m');

    expect(limits).toEqual([]);
    expect(most).toBe(5);
    expect(classOf(5, limits)).toBe(0);
  });

  it('mark what fails beside them', () => {
    expect(isFailing({ p95: 5, failed: 2, measurements: 4 })).toBe(true);
    expect(isFailing({ p95: 5, failed: 1, measurements: 4 })).toBe(false);
  });
});
