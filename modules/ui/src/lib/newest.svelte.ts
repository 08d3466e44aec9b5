import type { ToldWindow } from './stream.svelte';

/** How many windows are shown: what is older is a question for another screen. */
export const MOST_SHOWN = 50;

/** The page is drawn anew so often at most: faster nobody reads. */
const DRAWN_EVERY_MS = 500;
const RATE_OVER_S = 10;

/** The windows that closed last, the newest first: bounded, and drawn by the frame however fast they come. */
export class Newest {
  shown = $state.raw<ToldWindow[]>([]);
  /** How many came while it was paused. */
  held = $state(0);
  /** Windows a second, over the last ten. */
  rate = $state(0);

  #isPaused = $state(false);
  #fresh: ToldWindow[] = [];
  #counts = new Map<number, number>();
  #isDue = false;
  #drawnAt = -Infinity;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
  }

  goOn(): void {
    this.#isPaused = false;
    this.held = 0;
    this.#draw();
  }

  clear(): void {
    this.#fresh = [];
    this.shown = [];
    this.held = 0;
  }

  add(windows: ToldWindow[]): void {
    const second = Math.floor(Date.now() / 1_000);
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + windows.length);
    this.#fresh.push(...windows);
    if (this.#fresh.length > 2 * MOST_SHOWN) {
      this.#fresh = this.#fresh.slice(-MOST_SHOWN);
    }
    if (this.#isPaused) {
      this.held += windows.length;
    } else {
      this.#drawSoon();
    }
  }

  /** What was missed, wherever it belongs. */
  fill(windows: ToldWindow[]): void {
    const all = newestOf([...this.#fresh.toReversed(), ...this.shown, ...windows]);
    this.#fresh = [];
    this.shown = all.toSorted((a, b) => b.window_start_ts.localeCompare(a.window_start_ts)).slice(0, MOST_SHOWN);
  }

  /** To be called every second: a rate falls when nothing comes. */
  tick(): void {
    const now = Math.floor(Date.now() / 1_000);
    let sum = 0;
    for (const [second, count] of this.#counts) {
      if (second < now - RATE_OVER_S) {
        this.#counts.delete(second);
      } else if (second < now) {
        sum += count;
      }
    }
    this.rate = sum / RATE_OVER_S;
  }

  #drawSoon(): void {
    if (this.#isDue) {
      return;
    }
    this.#isDue = true;
    const wait = Math.max(0, this.#drawnAt + DRAWN_EVERY_MS - performance.now());
    setTimeout(
      () =>
        requestAnimationFrame(() => {
          this.#isDue = false;
          this.#drawnAt = performance.now();
          if (!this.#isPaused) {
            this.#draw();
          }
        }),
      wait,
    );
  }

  #draw(): void {
    this.shown = newestOf([...this.#fresh.toReversed(), ...this.shown]).slice(0, MOST_SHOWN);
    this.#fresh = [];
  }
}

/** Of each window its newest revision, where the first of them was. */
function newestOf(windows: ToldWindow[]): ToldWindow[] {
  const newest = new Map<string, ToldWindow>();
  for (const window of windows) {
    const key = `${window.client_id} ${window.target} ${window.window_start_ts}`;
    const known = newest.get(key);
    if (known === undefined || known.revision < window.revision) {
      newest.set(key, window);
    }
  }
  return [...newest.values()];
}
