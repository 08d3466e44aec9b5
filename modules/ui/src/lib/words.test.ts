import { describe, expect, it } from 'vitest';
import { differences, length, many, measured, ms, percent, rate, span, utc } from './words';

describe('numbers have their unit', () => {
  it.each([
    [null, '–'],
    [0.1234, '0.12 ms'],
    [12.345, '12.3 ms'],
    [1234.5, '1,235 ms'],
    [12_345, '12.3 s'],
  ])('%s ms is %s', (value, text) => {
    expect(ms(value)).toBe(text);
  });

  it.each([
    [950, '950 kbit/s'],
    [48_000, '48 Mbit/s'],
    [1_250_000, '1.25 Gbit/s'],
  ])('%s kbit/s is %s', (value, text) => {
    expect(rate(value)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.0123, '1.2 %'],
    [0.5, '50 %'],
    [null, '–'],
  ])('a share of %s is %s', (value, text) => {
    expect(percent(value)).toBe(text);
    expect(measured(value, '')).toBe(text);
  });

  it('a unit that is not known is said', () => {
    expect(measured(1234, 'events')).toBe('1,234 events');
    expect(measured(null, 'events')).toBe('–');
  });
});

describe('words', () => {
  it('are one or many', () => {
    expect(many(1, 'incident')).toBe('1 incident');
    expect(many(2_000, 'series', 'series')).toBe('2,000 series');
  });

  it.each([
    [5_400, '5 s'],
    [120_000, '2 min'],
    [3_900_000, '1 h 5 min'],
    [400_000_000, '4 d 15 h'],
  ])('%s ms last %s', (millis, text) => {
    expect(span(millis)).toBe(text);
  });

  it('of a time in UTC say so', () => {
    expect(utc(Date.parse('2026-11-20T23:00:00.123Z'))).toBe('2026-11-20 23:00:00 UTC');
  });
});

describe('a change', () => {
  it('is told by what is another now', () => {
    expect(differences({ role: 'viewer', disabled: false }, { role: 'operator', disabled: false })).toBe(
      'role viewer → operator',
    );
  });

  it('from nothing or to nothing is told by what there is', () => {
    expect(differences(null, { scope: 'read', client_id: null, rules: { a: 1 } })).toBe('scope read, rules {"a":1}');
    expect(differences({ role: 'viewer' }, null)).toBe('role viewer');
    expect(differences(null, null)).toBe('');
  });
});

it.each([
  [60, '1 min'],
  [600, '10 min'],
  [10_800, '3 h'],
  [345_600, '4 d'],
])('a step of %d s is %s long', (seconds, text) => {
  expect(length(seconds)).toBe(text);
});
