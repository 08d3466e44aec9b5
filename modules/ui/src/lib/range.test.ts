import { describe, expect, it } from 'vitest';
import { rangeOf, rangeQuery, resolutionOf, steady, zoomed } from './range';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

describe('the time of a link', () => {
  it('is the last hour when it says nothing', () => {
    expect(rangeOf(new URLSearchParams(), NOW)).toEqual({ from: NOW - HOUR, to: NOW, name: '1h' });
  });

  it('moves on with the clock when it has a name', () => {
    expect(rangeOf(new URLSearchParams('range=6h'), NOW)).toEqual({ from: NOW - 6 * HOUR, to: NOW, name: '6h' });
  });

  it('stays where it is when it has ends', () => {
    const query = new URLSearchParams({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' });

    const range = rangeOf(query, NOW);

    expect(range.name).toBeNull();
    expect(new Date(range.to).toISOString()).toBe('2026-11-02T00:00:00.000Z');
  });

  it.each([
    'range=year',
    'from=yesterday&to=now',
    'from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z',
    'range=toString',
  ])('is the last hour when %s cannot be read', (query) => {
    expect(rangeOf(new URLSearchParams(query), NOW).name).toBe('1h');
  });

  it('comes back as it was written', () => {
    for (const query of ['', 'range=30d', 'from=2026-11-01T00:00:00.000Z&to=2026-11-02T00:00:00.000Z']) {
      const range = rangeOf(new URLSearchParams(query), NOW);
      const written = new URLSearchParams();
      Object.entries(rangeQuery(range)).forEach(([key, value]) => value && written.set(key, value));

      expect(rangeOf(written, NOW)).toEqual(range);
    }
  });
});

describe('the resolution', () => {
  it.each([
    ['range=1h', '1m'],
    ['range=6h', '1m'],
    ['range=24h', '5m'],
    ['range=7d', '1h'],
    ['range=30d', '1h'],
    ['from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z', '1d'],
  ])('of %s is %s', (query, resolution) => {
    expect(resolutionOf(rangeOf(new URLSearchParams(query), NOW))).toBe(resolution);
  });
});

describe('zooming', () => {
  it('keeps the middle', () => {
    expect(zoomed({ from: 0, to: 4 * HOUR, name: null }, 0.5)).toEqual({ from: HOUR, to: 3 * HOUR, name: null });
  });

  it('stops at five minutes', () => {
    const range = zoomed({ from: 0, to: 400_000, name: null }, 0.5);

    expect(range.to - range.from).toBe(300_000);
  });
});

it('a long time moves on by the minute, a short one at once', () => {
  const ending = (hours: number) => ({ from: NOW - hours * HOUR, to: NOW, name: null });

  expect(steady(NOW + 59_999, ending(24))).toBe(NOW);
  expect(steady(NOW + 60_000, ending(24))).toBe(NOW + 60_000);
  expect(steady(NOW + 15_000, ending(6))).toBe(NOW + 15_000);
});
