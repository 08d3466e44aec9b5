import { Api, Refused } from './api';
import type { Known, Scope } from './types';

const KEY = 'sonde.token';
const ASK_AGAIN_MS = 2_000;

/** Who looks: a person, whose cookie no script sees; or a machine's token, kept for this tab and gone when it is closed. */
class Session {
  #token = $state<string | null>(sessionStorage.getItem(KEY));
  #known = $state.raw<Known | null>();

  readonly api = new Api(() => this.#credentials());

  /** Undefined before the node has said who looks, null when nobody has signed in. */
  get known(): Known | null | undefined {
    return this.#known;
  }

  /** What these may do is offered; the node decides. */
  may(scope: Scope): boolean {
    const held = this.#known?.scope;
    return held === scope || held === 'admin' || (held === 'operate' && scope === 'read');
  }

  /** Empty of a token: it is nobody's name. */
  get name(): string {
    return this.#known?.role ? this.#known.name : '';
  }

  /** Asks until the node answers. */
  async look(): Promise<void> {
    try {
      this.#known = await this.api.get<Known>('/api/v1/session');
    } catch (refused) {
      if (refused instanceof Refused && refused.isSignedOut) {
        this.ended();
      } else {
        setTimeout(() => void this.look(), ASK_AGAIN_MS);
      }
    }
  }

  /** Rejects when the node does not take it. */
  async signIn(name: string, password: string): Promise<void> {
    this.#known = await this.api.post<Known>('/api/v1/session', { name, password });
  }

  /** Rejects when the node does not take the token. */
  async show(token: string): Promise<void> {
    const typed = token.trim();
    this.#known = await new Api(() => bearer(typed)).get<Known>('/api/v1/session');
    sessionStorage.setItem(KEY, typed);
    this.#token = typed;
  }

  async changePassword(password: string, wanted: string): Promise<void> {
    this.#known = await this.api.post<Known>('/api/v1/session/password', { password, new_password: wanted });
  }

  async signOut(): Promise<void> {
    if (this.#token === null) {
      await this.api.delete('/api/v1/session');
    }
    this.ended();
  }

  /** The node knows us no more. */
  ended(): void {
    sessionStorage.removeItem(KEY);
    this.#token = null;
    this.#known = null;
  }

  #credentials(): Record<string, string> {
    if (this.#token !== null) {
      return bearer(this.#token);
    }
    return this.#known?.csrf_token ? { 'X-CSRF-Token': this.#known.csrf_token } : {};
  }
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

export const session = new Session();
