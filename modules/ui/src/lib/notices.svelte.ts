import { here } from './here.svelte';
import type { Stream } from './stream.svelte';
import type { Incident } from './types';

const KEY = 'sonde.notify';
const MOST = 3;
/** What began longer ago is news to nobody, even if the line was away. */
const NEWS_MS = 15 * 60_000;
const REMEMBERED = 1_000;

/** New incidents, said where one looks; outside of the page only when somebody has asked for that. */
class Notices {
  shown = $state.raw<Incident[]>([]);
  /** How many there are besides. */
  more = $state(0);

  #outside = $state(localStorage.getItem(KEY) === 'on' && canBeOutside() && Notification.permission === 'granted');
  #known = new Set<string>();

  get isOutside(): boolean {
    return this.#outside;
  }

  /** Returns what ends it. */
  listen(stream: Stream): () => void {
    const ends = [
      stream.subscribe({ channel: 'incidents', told: (incidents) => incidents.forEach((one) => this.#tell(one)) }),
      stream.subscribe({ channel: 'problems', told: () => here.look(), missed: () => here.look() }),
    ];
    return () => ends.forEach((end) => end());
  }

  dismiss(id: string): void {
    this.shown = this.shown.filter((one) => one.id !== id);
    this.more = 0;
  }

  /** Asks the browser; false when it does not want to. */
  async goOutside(): Promise<boolean> {
    this.#outside = canBeOutside() && (await Notification.requestPermission()) === 'granted';
    localStorage.setItem(KEY, this.#outside ? 'on' : 'off');
    return this.#outside;
  }

  stayInside(): void {
    this.#outside = false;
    localStorage.setItem(KEY, 'off');
  }

  #tell(incident: Incident): void {
    const isNew = incident.state === 'open' && !this.#known.has(incident.id);
    this.#remember(incident.id);
    here.look();
    if (!isNew || Date.parse(incident.opened_ts) < Date.now() - NEWS_MS) {
      this.shown = this.shown.filter((one) => one.id !== incident.id || incident.state === 'open');
      return;
    }
    this.more += this.shown.length === MOST ? 1 : 0;
    this.shown = [incident, ...this.shown].slice(0, MOST);
    if (this.#outside) {
      new Notification(`${incident.label}: ${incident.client_id}`, { body: incident.target, tag: incident.id });
    }
  }

  #remember(id: string): void {
    if (this.#known.size === REMEMBERED) {
      this.#known.delete(this.#known.values().next().value!);
    }
    this.#known.add(id);
  }
}

function canBeOutside(): boolean {
  return 'Notification' in globalThis;
}

export const notices = new Notices();
