import type { ProblemDetails } from './types';

/** Why there is no answer, in words that say what to do. */
export class Refused extends Error {
  constructor(
    /** 0 when nobody answered. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** What of the request was wrong, when the node names it. */
    readonly parameter?: string,
  ) {
    super(`${title}: ${detail}`);
    this.name = 'Refused';
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

export type Parameters = Record<string, string | number | null | undefined>;

/** A page of a list, as all of them are answered. */
export type Page<K extends string, T> = Record<K, T[]> & { next?: string };

/** How much of a list is read for one picture: what is more is said and not drawn. */
const MOST_PAGES = 5;

/** A node's API; `credentials` are headers that say who asks. Every failure is a {@link Refused}; a question that was given up rejects with its signal's reason. */
export class Api {
  constructor(
    private readonly credentials: () => Record<string, string>,
    private readonly send: typeof fetch = (...of) => fetch(...of),
  ) {}

  get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
    return this.ask('GET', path + asked(parameters), undefined, signal);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.ask('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.ask('PATCH', path, body);
  }

  /** @param headers such as `If-Match` */
  put<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.ask('PUT', path, body, undefined, headers);
  }

  delete<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
    return this.ask('DELETE', path, undefined, undefined, headers);
  }

  /** An answer that is kept as a file, by the name that the node gives it. */
  async file(path: string, parameters: Parameters): Promise<{ name: string; content: Blob }> {
    const answer = await this.answered('GET', path + asked(parameters));
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1];
    return { name: name ?? 'sonde', content: await this.whole(answer) };
  }

  /** All pages of a list, up to five; `more` when there were others. */
  async all<K extends string, T>(
    path: string,
    key: K,
    parameters: Parameters,
    signal?: AbortSignal,
  ): Promise<{ items: T[]; more: boolean }> {
    const items: T[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.get<Page<K, T>>(path, { limit: 1000, ...parameters, cursor }, signal);
      items.push(...answer[key]);
      cursor = answer.next;
      if (cursor === undefined) {
        break;
      }
    }
    return { items, more: cursor !== undefined };
  }

  private async ask<T>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
    more: Record<string, string> = {},
  ): Promise<T> {
    return (await (await this.answered(method, path, body, signal, more)).json()) as T;
  }

  private async answered(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
    more: Record<string, string> = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...this.credentials(), ...more };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    const answer = await this.answer(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (!answer.ok) {
      throw await refusal(answer);
    }
    return answer;
  }

  private async whole(answer: Response): Promise<Blob> {
    try {
      return await answer.blob();
    } catch {
      throw new Refused(
        0,
        'The file broke off',
        'The node could not read all of it. Try it again, or ask for less time.',
      );
    }
  }

  private async answer(path: string, request: RequestInit): Promise<Response> {
    try {
      return await this.send(path, request);
    } catch (failure) {
      if (request.signal?.aborted) {
        throw failure;
      }
      throw new Refused(0, 'The node does not answer', 'Is it running? This page asks again by itself.');
    }
  }
}

function asked(parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') {
      query.set(name, String(value));
    }
  }
  return query.size ? `?${query}` : '';
}

async function refusal(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => null)) as Partial<ProblemDetails> | null;
  return new Refused(
    answer.status,
    problem?.title ?? `The answer was ${answer.status}`,
    problem?.detail ?? 'Nothing more was said.',
    problem?.parameter,
  );
}
