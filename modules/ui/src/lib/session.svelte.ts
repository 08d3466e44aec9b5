import { Api } from './api';

const KEY = 'sonde.token';

/** Who looks: the token of this tab, gone when it is closed. */
class Session {
  #token = $state<string | null>(sessionStorage.getItem(KEY));

  readonly api = new Api(() => this.#token);

  get isSignedIn(): boolean {
    return this.#token !== null;
  }

  /** Rejects when the node does not take the token. */
  async signIn(token: string): Promise<void> {
    const typed = token.trim();
    await new Api(() => typed).get('/api/v1/clients', { limit: 1 });
    sessionStorage.setItem(KEY, typed);
    this.#token = typed;
  }

  signOut(): void {
    sessionStorage.removeItem(KEY);
    this.#token = null;
  }
}

export const session = new Session();
