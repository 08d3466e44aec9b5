export type Theme = 'system' | 'light' | 'dark';

const KEY = 'sonde.theme';
const THEMES: Theme[] = ['system', 'light', 'dark'];
const DARK = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark, by the system or by choice; the choice stays on this machine. */
class Look {
  #theme = $state<Theme>(stored());
  #systemIsDark = $state(DARK.matches);

  readonly isDark: boolean = $derived(this.#theme === 'system' ? this.#systemIsDark : this.#theme === 'dark');

  constructor() {
    DARK.addEventListener('change', () => (this.#systemIsDark = DARK.matches));
    this.#apply();
  }

  get theme(): Theme {
    return this.#theme;
  }

  next(): void {
    this.#theme = THEMES[(THEMES.indexOf(this.#theme) + 1) % THEMES.length]!;
    localStorage.setItem(KEY, this.#theme);
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.#theme;
  }
}

function stored(): Theme {
  const theme = localStorage.getItem(KEY) as Theme | null;
  return theme && THEMES.includes(theme) ? theme : 'system';
}

export const look = new Look();
