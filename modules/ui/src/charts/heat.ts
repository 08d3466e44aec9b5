import { LENGTH, type Range, type Resolution } from '../lib/range';
import type { Window } from '../lib/types';
import type { Value } from './slots';

/** What some windows of one series come to: the worst of them, and never a mean of percentiles. */
export interface Cell {
  /** The highest p95 of a window; null where everything failed. */
  p95: Value;
  failed: number;
  measurements: number;
}

export interface HeatRow {
  name: string;
  windows: Window[];
  cells: (Cell | undefined)[];
}

export interface Heat {
  /** Starts of the columns, epoch ms. */
  times: number[];
  rows: HeatRow[];
  /** How many rows there are besides. */
  more: number;
  /** Ends of the classes, ms: what is above the last one is of the last class. */
  limits: number[];
  /** The highest p95 that is shown; null where everything failed. */
  most: Value;
}

export const CLASSES = 5;
const MOST_COLUMNS = 72;
const MOST_ROWS = 24;

/** The worst series first: those that fail, then by their highest p95. */
export function heat(windows: Window[], by: 'client_id' | 'target', range: Range, resolution: Resolution): Heat {
  const length = LENGTH[resolution] * Math.ceil((range.to - range.from) / LENGTH[resolution] / MOST_COLUMNS);
  const first = Math.floor(range.from / length) * length;
  const times: number[] = [];
  for (let start = first; start < range.to; start += length) {
    times.push(start);
  }
  const named = new Map<string, Window[]>();
  for (const window of windows) {
    named.set(window[by], [...(named.get(window[by]) ?? []), window]);
  }
  const rows = [...named]
    .map(([name, of]) => ({ name, windows: of, cells: cells(of, first, length, times.length) }))
    .toSorted((a, b) => badness(b) - badness(a) || a.name.localeCompare(b.name));
  const shown = rows.slice(0, MOST_ROWS);
  const all = shown
    .flatMap((row) => row.cells.map((cell) => cell?.p95 ?? null))
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b);
  return { times, rows: shown, more: rows.length - shown.length, limits: limits(all), most: all.at(-1) ?? null };
}

/** 0, the fastest, to {@link CLASSES} - 1. */
export function classOf(p95: number, limits: number[]): number {
  const at = limits.findIndex((limit) => p95 <= limit);
  return at < 0 ? limits.length : at;
}

/** At least half of it. */
export function isFailing(cell: Cell): boolean {
  return cell.failed * 2 >= cell.measurements;
}

function cells(windows: Window[], first: number, length: number, size: number): (Cell | undefined)[] {
  const found: (Cell | undefined)[] = Array.from({ length: size });
  for (const window of windows) {
    const at = Math.floor((Date.parse(window.window_start_ts) - first) / length);
    if (at >= 0 && at < size) {
      const cell = (found[at] ??= { p95: null, failed: 0, measurements: 0 });
      cell.p95 = window.total_p95 === null ? cell.p95 : Math.max(window.total_p95, cell.p95 ?? 0);
      cell.failed += window.count_error;
      cell.measurements += window.count_total;
    }
  }
  return found;
}

function badness(row: HeatRow): number {
  return Math.max(...row.cells.map((cell) => (cell === undefined ? 0 : isFailing(cell) ? Infinity : (cell.p95 ?? 0))));
}

/** As many cells in each class as in the others, by limits that can be read. */
function limits(all: number[]): number[] {
  const found: number[] = [];
  for (let i = 1; i < CLASSES && all.length > 0; i++) {
    const limit = Number(all[Math.floor((i * (all.length - 1)) / CLASSES)]!.toPrecision(2));
    if (limit > (found.at(-1) ?? -1) && limit < all.at(-1)!) {
      found.push(limit);
    }
  }
  return found;
}
