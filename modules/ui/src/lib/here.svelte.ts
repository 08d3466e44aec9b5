import { changed, hashOf, linked, placeOf, type Asked } from './place';
import { rangeOf, rangeQuery, type Range } from './range';

const REFRESH_MS = 15_000;
const LOOK_MS = 1_000;
/** What was ordered can be read a moment after it was taken. */
const SOON_MS = [300, 1_000, 2_500, 5_000];

/** Where this page is, and until when it shows things: a time with a name moves on by itself. */
class Here {
  #place = $state.raw(placeOf(location.hash));
  #now = $state(Date.now());
  #looking: ReturnType<typeof setTimeout> | undefined;

  readonly range: Range = $derived(rangeOf(this.#place.query, this.#now));

  constructor() {
    addEventListener('hashchange', () => {
      this.#place = placeOf(location.hash);
      this.#now = Date.now();
    });
    setInterval(() => {
      if (!document.hidden) {
        this.#now = Date.now();
      }
    }, REFRESH_MS);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        this.#now = Date.now();
      }
    });
  }

  get path(): string[] {
    return this.#place.path;
  }

  /** When this page last looked, epoch ms. */
  get now(): number {
    return this.#now;
  }

  get query(): URLSearchParams {
    return this.#place.query;
  }

  /** What is asked besides, or nothing. */
  asked(name: string): string {
    return this.#place.query.get(name) ?? '';
  }

  /** An address of another screen, over the same time. */
  link(path: string[], more: Asked = {}): string {
    return linked(this.#place, path, more);
  }

  /** The same screen asked otherwise, as a step that can be gone back. */
  ask(more: Record<string, string | null>): void {
    location.hash = hashOf(this.#place.path, changed(this.#place.query, more));
  }

  /** Something has happened: everything that is shown is asked for again, at most once a second. */
  look(): void {
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined;
      this.#now = Date.now();
    }, LOOK_MS);
  }

  /** Something was ordered: everything that is shown is asked for again, a few times. */
  lookAgainSoon(): void {
    SOON_MS.forEach((pause) => setTimeout(() => (this.#now = Date.now()), pause));
  }

  show(range: Range): void {
    this.ask(rangeQuery(range));
  }
}

export const here = new Here();
