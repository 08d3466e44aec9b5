import type { Band, Distribution, Step } from '../lib/types';
import type { Value } from './slots';

/** Steps of a distribution in the order of time, with a gap where nothing was measured. */
export interface Spread {
  /** Starts, epoch s, one after the other. */
  times: number[];
  steps: (Step | undefined)[];
}

export function spread(of: Distribution): Spread {
  const found = new Map(of.steps.map((step) => [Date.parse(step.start_ts), step]));
  const first = Math.floor(Date.parse(of.from) / of.step_ms) * of.step_ms;
  const times: number[] = [];
  const steps: (Step | undefined)[] = [];
  for (let start = first; start < Date.parse(of.to); start += of.step_ms) {
    times.push(start / 1_000);
    steps.push(found.get(start));
  }
  return { times, steps };
}

export function band(of: Spread, band: Band): Value[] {
  return of.steps.map((step) => step?.[band] ?? null);
}

/** The value of which p percent are not above. */
export function quantile(of: Distribution | undefined, p: number): Value {
  return of?.quantiles.find((one) => one.p === p)?.value ?? null;
}
