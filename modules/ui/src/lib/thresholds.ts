import type { Setting, Settings } from './types';

/** What is set for all nodes; empty when the file has it. */
export const valueOf = (setting: Setting): string =>
  setting.source.startsWith('set through the API') ? setting.value : '';

/**
 * All that is to hold for all nodes: what is set already, with what was typed over it. An empty text takes one away.
 */
export function changesOf(
  set: Settings['thresholds'],
  settings: Setting[],
  typed: Record<string, string>,
): Record<string, string | number | boolean> {
  const known = new Set(settings.map((one) => one.threshold));
  const all = Object.fromEntries(set.map((one) => [one.key, one.value]));
  const wished = { ...all, ...typed };
  return Object.fromEntries(
    Object.entries(wished)
      .filter(([key, text]) => text !== '' && known.has(key))
      .map(([key, text]) => [key, plain(text)]),
  );
}

/** As JSON has it: a number, true or false, or a text. */
function plain(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
