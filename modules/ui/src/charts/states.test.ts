import { describe, expect, it } from 'vitest';
import type { Window } from '../lib/types';
import { runs, stateOf, stateOfLabel } from './states';

const window = (diagnosis_label: string | null, score: number | null = null) => ({ diagnosis_label, score }) as Window;

describe('the state of a window', () => {
  it.each([
    [undefined, 'none'],
    [window('healthy', 10), 'good'],
    [window('dns-bound'), 'warn'],
    [window('resolver-failure'), 'bad'],
    [window('insufficient-data', 100), 'unknown'],
    [window(null, 85), 'good'],
    [window(null, 84), 'warn'],
    [window(null, 69), 'bad'],
    [window(null), 'unknown'],
  ])('%o is %s', (of, state) => {
    expect(stateOf(of)).toBe(state);
  });

  it('of a label that is new tomorrow is a warning, not a failure of the page', () => {
    expect(stateOfLabel('moon-bound')).toBe('warn');
  });
});

it('neighbours that are alike are one', () => {
  const of = [window('healthy'), window('healthy'), undefined, window('dns-bound')];

  expect(runs({ times: [0, 60, 120, 180], windows: of })).toEqual([
    { state: 'good', first: 0, end: 2 },
    { state: 'none', first: 2, end: 3 },
    { state: 'warn', first: 3, end: 4 },
  ]);
});
