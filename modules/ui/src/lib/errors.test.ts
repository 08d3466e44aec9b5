import { expect, it } from 'vitest';
import { lastErrors } from './errors';
import type { Window } from './types';

const window = (minute: number, reasons: Window['reasons']) =>
  ({
    window_start_ts: new Date(minute * 60_000).toISOString(),
    count_error: Object.keys(reasons).length,
    reasons,
  }) as Window;

it('the last errors are those of the newest windows, the most frequent first', () => {
  const windows = [
    window(1, { DNS: { nxdomain: 9 } }),
    window(3, { DNS: { timeout: 1 }, TCP: { refused: 4, reset: 2 } }),
    window(2, {}),
  ];

  expect(lastErrors(windows, 4).map((error) => [error.stage, error.reason, error.times])).toEqual([
    ['TCP', 'refused', 4],
    ['TCP', 'reset', 2],
    ['DNS', 'timeout', 1],
    ['DNS', 'nxdomain', 9],
  ]);
  expect(lastErrors(windows, 1)).toHaveLength(1);
});
