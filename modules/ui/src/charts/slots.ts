import { LENGTH, type Range, type Resolution } from '../lib/range';
import {
  FAILURES,
  STAGES,
  type Counted,
  type Measure,
  type Overview,
  type OverviewPart,
  type Window,
} from '../lib/types';

/** Windows of one series in the order of time, with a gap where there is none: a line must not cross what was not measured. */
export interface Slots<T extends Counted = Window> {
  /** Starts, epoch s, one after the other. */
  times: number[];
  windows: (T | undefined)[];
}

export type Value = number | null;

export function slots(windows: Window[], range: Range, resolution: Resolution): Slots {
  const length = LENGTH[resolution];
  const starts = new Map(windows.map((window) => [Date.parse(window.window_start_ts), window]));
  const first = Math.floor(range.from / length) * length;
  const times: number[] = [];
  const inOrder: (Window | undefined)[] = [];
  for (let start = first; start < range.to; start += length) {
    times.push(start / 1_000);
    inOrder.push(starts.get(start));
  }
  return { times, windows: inOrder };
}

/** All series together, step by step. */
export function steps(of: Overview): Slots<OverviewPart> {
  const starts = new Map(of.steps.map((step) => [Date.parse(step.start_ts) / 1_000, step]));
  const times: number[] = [];
  const inOrder: (OverviewPart | undefined)[] = [];
  for (let start = Date.parse(of.from) / 1_000; start < Date.parse(of.to) / 1_000; start += of.step_s) {
    times.push(start);
    inOrder.push(starts.get(start));
  }
  return { times, windows: inOrder };
}

export function values(slots: Slots<Counted>, measure: Measure, of: 'min' | 'p50' | 'p95' | 'max'): Value[] {
  return slots.windows.map((window) => window?.[`${measure}_${of}`] ?? null);
}

/** The medians of the stages, each upon the one before: where the time goes. A stage that did not happen adds nothing. */
export function stacked(slots: Slots<Counted>): Value[][] {
  const below = slots.windows.map(() => 0);
  return STAGES.map((stage) =>
    slots.windows.map((window, i) => {
      if (!window || window.total_count === 0) {
        return null;
      }
      below[i]! += window[`${stage}_p50`] ?? 0;
      return below[i]!;
    }),
  );
}

/** The share of measurements that failed; null where nothing was measured. */
export function failed(slots: Slots<Counted>): Value[] {
  return slots.windows.map((window) =>
    window && window.count_total > 0 ? window.count_error / window.count_total : null,
  );
}

/** The share that failed at each stage, by itself and upon those of the stages before. */
export function failures(slots: Slots<Counted>): { own: Value[]; upon: Value[] }[] {
  const below = slots.windows.map(() => 0);
  return FAILURES.map((stage) => {
    const own = slots.windows.map((window) =>
      window && window.count_total > 0 ? window[`${stage}_error_count`] / window.count_total : null,
    );
    return { own, upon: own.map((share, i) => (share === null ? null : (below[i]! += share))) };
  });
}

/** What the windows say together, as far as it may be said: percentiles are not averaged. */
export interface Sum {
  measurements: number;
  errors: number;
  /** The highest p95 of a window, and when. */
  worst: { value: number; time: number } | null;
}

export function summed(slots: Slots<Counted>, measure: Measure): Sum {
  const sum: Sum = { measurements: 0, errors: 0, worst: null };
  slots.windows.forEach((window, i) => {
    if (!window) {
      return;
    }
    sum.measurements += window.count_total;
    sum.errors += window.count_error;
    const p95 = window[`${measure}_p95`];
    if (p95 !== null && p95 > (sum.worst?.value ?? -1)) {
      sum.worst = { value: p95, time: slots.times[i]! * 1_000 };
    }
  });
  return sum;
}
