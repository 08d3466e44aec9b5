import type { Client, Incident, Known, Problem, Window } from './types';

/** A window as the stream tells it: what is more can be asked for. */
export type ToldWindow = Pick<
  Window,
  | 'client_id'
  | 'target'
  | 'window_start_ts'
  | 'revision'
  | 'count_total'
  | 'count_error'
  | 'total_p50'
  | 'total_p95'
  | 'throughput_p50'
  | 'diagnosis_label'
  | 'score'
>;

export type ToldClient = Pick<Client, 'client_id' | 'last_window_ts'> & { silent_since: string | null };

interface Told {
  windows: ToldWindow;
  incidents: Incident;
  problems: Problem;
  clients: ToldClient;
}

export type Channel = keyof Told;

export interface Wish<C extends Channel> {
  channel: C;
  client_id?: string | undefined;
  target?: string | undefined;
  told: (items: Told[C][]) => void;
  /** What happened since then, epoch ms, may not have been told; null when nothing was ever heard. */
  missed?: (since: number | null) => void;
}

/** What is known of the line to the node: `refused` when whoever looks has no session, and it is of no use to try. */
export type Line = 'off' | 'connecting' | 'open' | 'waiting' | 'refused';

/** What the stream needs of a browser. */
export interface Surroundings {
  /** Whether there is a session; rejects when the node does not answer. */
  isLetIn: () => Promise<boolean>;
  open: () => WebSocket;
  random: () => number;
}

const SESSION_ENDED = 4401;
/** Of four heartbeats in a minute three may be lost. */
const SILENCE_MS = 45_000;
/** By then all nodes know that somebody listens here. */
const SETTLED_MS = 1_500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** How long to wait before the next try: longer each time, and not as long as all the others. */
export function pause(attempt: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + random / 2);
}

/** What happens, told by the node as it does. Connects again by itself, and says when something may have been missed. */
export class Stream {
  line = $state<Line>('off');

  /** The same, for the stream's own use: what reads it here must not run again when it changes. */
  #line: Line = 'off';

  readonly #wishes = new Map<string, Wish<Channel>>();
  /** Of those the wishes that were told of before. */
  readonly #begun = new Set<string>();
  readonly #around: Surroundings;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #number = 0;
  #heard: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  start(): void {
    if (this.#line === 'off' || this.#line === 'refused') {
      this.#attempt = 0;
      void this.#connect();
    }
  }

  stop(): void {
    this.#end('off');
    this.#heard = null;
  }

  /** Not later, but now: the network is back, or somebody looks again. */
  hurry(): void {
    if (this.#line === 'waiting') {
      clearTimeout(this.#timer);
      void this.#connect();
    }
  }

  /** Returns what ends it. */
  subscribe<C extends Channel>(wish: Wish<C>): () => void {
    const id = `${wish.channel}-${++this.#number}`;
    this.#wishes.set(id, wish as unknown as Wish<Channel>);
    this.#ask(id);
    return () => {
      this.#wishes.delete(id);
      this.#begun.delete(id);
      this.#send({ unsubscribe: { id } });
    };
  }

  async #connect(): Promise<void> {
    this.#is('connecting');
    let isLetIn: boolean;
    try {
      isLetIn = await this.#around.isLetIn();
    } catch {
      this.#again();
      return;
    }
    if (this.#line !== 'connecting') {
      return;
    }
    if (!isLetIn) {
      this.#end('refused');
      return;
    }
    const socket = this.#around.open();
    this.#socket = socket;
    socket.onmessage = (message) => this.#socket === socket && this.#hear(String(message.data));
    socket.onclose = (closed) => this.#socket === socket && this.#closed(closed.code);
    this.#listen();
  }

  #closed(code: number): void {
    if (code === SESSION_ENDED) {
      this.#end('refused');
    } else {
      this.#again();
    }
  }

  #again(): void {
    if (this.#line === 'off') {
      return;
    }
    this.#end('waiting');
    this.#timer = setTimeout(() => void this.#connect(), pause(this.#attempt++, this.#around.random()));
  }

  #end(line: Line): void {
    this.#is(line);
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #is(line: Line): void {
    this.#line = line;
    this.line = line;
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#again(), SILENCE_MS);
  }

  #hear(text: string): void {
    this.#listen();
    const message = JSON.parse(text) as Record<string, unknown>;
    if ('hello' in message) {
      this.#is('open');
      this.#attempt = 0;
      this.#wishes.forEach((_, id) => this.#ask(id));
    } else if ('subscribed' in message) {
      this.#settle((message['subscribed'] as { id: string }).id);
    } else if ('skipped' in message) {
      this.#wishes.forEach((wish) => wish.missed?.(this.#heard));
    } else if (typeof message['id'] === 'string') {
      const wish = this.#wishes.get(message['id']);
      wish?.told(message[wish.channel] as Told[Channel][]);
      this.#heard = Date.now();
    } else if ('heartbeat' in message) {
      this.#heard = Date.now();
    }
  }

  #settle(id: string): void {
    const since = this.#begun.has(id) ? this.#heard : null;
    this.#begun.add(id);
    setTimeout(() => this.#wishes.get(id)?.missed?.(since), SETTLED_MS);
  }

  #ask(id: string): void {
    const { channel, client_id, target } = this.#wishes.get(id)!;
    this.#send({ subscribe: { id, channel, ...(client_id ? { client_id } : {}), ...(target ? { target } : {}) } });
  }

  /** What is wanted while there is no line is said once there is one. */
  #send(message: object): void {
    if (this.#line === 'open') {
      this.#socket?.send(JSON.stringify(message));
    }
  }
}

export const stream = new Stream({
  isLetIn: async () => {
    const answer = await fetch('/api/v1/session', { headers: { Accept: 'application/json' } });
    if (answer.status >= 500) {
      throw new Error(`the node answered ${answer.status}`);
    }
    return answer.ok && !((await answer.json()) as Known).must_change_password;
  },
  open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/stream`),
  random: Math.random,
});

addEventListener('online', () => stream.hurry());
document.addEventListener('visibilitychange', () => document.hidden || stream.hurry());
