import { expect, it } from 'vitest';
import type { Distribution, Step } from '../lib/types';
import { band, quantile, spread } from './spread';

const step = (start_ts: string, p50: number) => ({ start_ts, p50 }) as Step;

const found = {
  from: '2026-11-20T10:01:00Z',
  to: '2026-11-20T10:21:00Z',
  step_ms: 300_000,
  quantiles: [
    { p: 50, value: 12 },
    { p: 99.9, value: 80 },
  ],
  steps: [step('2026-11-20T10:00:00Z', 5), step('2026-11-20T10:15:00Z', 7)],
} as Distribution;

it('a band has a gap where nothing was measured', () => {
  const at = spread(found);

  expect(at.times.map((time) => new Date(time * 1_000).toISOString().slice(11, 16))).toEqual([
    '10:00',
    '10:05',
    '10:10',
    '10:15',
    '10:20',
  ]);
  expect(band(at, 'p50')).toEqual([5, null, null, 7, null]);
});

it('a percentile is that of the node, and none before it has answered', () => {
  expect(quantile(found, 99.9)).toBe(80);
  expect(quantile(found, 12)).toBeNull();
  expect(quantile(undefined, 50)).toBeNull();
});
