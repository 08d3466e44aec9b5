import type { ProbeConfig } from './types';

/** A configuration as it stands in a form. */
export interface ProbeForm {
  /** One a line. */
  targets: string;
  interval: string;
  'throughput-interval': string;
  stagger: string;
  jitter: string;
}

export type Field = keyof ProbeForm;

const MOST_TARGETS = 1000;
const DURATION = /^\d+(\.\d+)?\s*(ms|s|m|h)$/;
const URL = /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/i;
const DURATIONS = ['interval', 'throughput-interval', 'stagger', 'jitter'] as const;

export const EMPTY: ProbeForm = { targets: '', interval: '', 'throughput-interval': '', stagger: '', jitter: '' };

export function formOf(config: ProbeConfig): ProbeForm {
  return { ...EMPTY, ...config, targets: config.targets.join('\n') };
}

/** What is left empty is left to the probe. */
export function configOf(form: ProbeForm): ProbeConfig {
  const given = DURATIONS.filter((name) => form[name].trim() !== '').map((name) => [name, form[name].trim()]);
  return { targets: lines(form), ...Object.fromEntries(given) };
}

/** What is wrong by field, in words; the node has the last one. */
export function mistakes(form: ProbeForm): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {};
  const targets = lines(form);
  const wrong = targets.find((line) => line.split(',throughput=').some((url) => !URL.test(url)));
  const twice = targets.find((line, i) => targets.indexOf(line) < i);
  if (targets.length === 0) {
    found.targets = 'Name at least one target.';
  } else if (targets.length > MOST_TARGETS) {
    found.targets = `${targets.length} targets are too many: a probe takes ${MOST_TARGETS}.`;
  } else if (wrong !== undefined) {
    found.targets = `“${wrong}” is no target: write https://example.org/, or URL,throughput=URL.`;
  } else if (twice !== undefined) {
    found.targets = `“${twice}” is named twice.`;
  }
  for (const name of DURATIONS) {
    const text = form[name].trim();
    const isOff = name === 'throughput-interval' && text === 'off';
    if (text !== '' && !isOff && !DURATION.test(text)) {
      found[name] = 'Write a number with ms, s, m or h, such as 5s; empty leaves it to the probe.';
    }
  }
  return found;
}

function lines(form: ProbeForm): string[] {
  return form.targets
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
