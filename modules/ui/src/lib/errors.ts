import type { Window } from './types';

/** How often something failed in one way in one window. */
export interface Failure {
  /** Start of the window. */
  time: string;
  stage: string;
  reason: string;
  times: number;
}

/** What failed last, the newest window first, in each the most frequent first. */
export function lastErrors(windows: Window[], most: number): Failure[] {
  return windows
    .filter((window) => window.count_error > 0)
    .toSorted((a, b) => b.window_start_ts.localeCompare(a.window_start_ts))
    .flatMap((window) =>
      Object.entries(window.reasons)
        .flatMap(([stage, reasons]) =>
          Object.entries(reasons).map(([reason, times]) => ({ time: window.window_start_ts, stage, reason, times })),
        )
        .toSorted((a, b) => b.times - a.times),
    )
    .slice(0, most);
}
