import type { Window } from '../lib/types';
import type { Slots } from './slots';

/** How well a series does: from the label of a minute, from the score of longer windows, which have no label. */
export type State = 'good' | 'warn' | 'bad' | 'unknown' | 'none';

const HEALTHY = new Set(['healthy', 'well', 'ended', 'cleared', 'ready', 'sent', 'ok', 'done']);
const UNKNOWN = new Set(['insufficient-data', 'silent', 'accepted', 'due', 'dropped', 'running']);
const BAD = /-failure$|^not ready$|^failed$|^killed$/;

export function stateOfLabel(label: string | null): State {
  if (label === null || UNKNOWN.has(label)) {
    return 'unknown';
  }
  if (HEALTHY.has(label)) {
    return 'good';
  }
  return BAD.test(label) ? 'bad' : 'warn';
}

/** Apdex' own borders: below 0.70 it is poor, below 0.85 no more than fair. */
function stateOfScore(score: number | null): State {
  if (score === null) {
    return 'unknown';
  }
  return score >= 85 ? 'good' : score >= 70 ? 'warn' : 'bad';
}

export function stateOf(window: Window | undefined): State {
  if (!window) {
    return 'none';
  }
  return window.diagnosis_label === null ? stateOfScore(window.score) : stateOfLabel(window.diagnosis_label);
}

/** Neighbours of one state as one. */
export interface Run {
  state: State;
  /** Of the slots, inclusive. */
  first: number;
  /** Of the slots, exclusive. */
  end: number;
}

export function runs(slots: Slots): Run[] {
  const found: Run[] = [];
  slots.windows.forEach((window, i) => {
    const state = stateOf(window);
    const last = found.at(-1);
    if (last?.state === state) {
      last.end = i + 1;
    } else {
      found.push({ state, first: i, end: i + 1 });
    }
  });
  return found;
}
