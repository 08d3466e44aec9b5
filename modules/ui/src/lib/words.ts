/** Numbers and times as people read them; a unit is always there. */

export const NOTHING = '–';

/** ms, with as many digits as say something. */
export function ms(value: number | null | undefined): string {
  if (value === null || value === undefined) {
    return NOTHING;
  }
  if (value >= 10_000) {
    return `${rounded(value / 1_000, 1)} s`;
  }
  return `${rounded(value, value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

/** kbit/s as kbit/s, Mbit/s or Gbit/s. */
export function rate(kbps: number | null | undefined): string {
  if (kbps === null || kbps === undefined) {
    return NOTHING;
  }
  if (kbps >= 1e6) {
    return `${rounded(kbps / 1e6, 2)} Gbit/s`;
  }
  return kbps >= 1_000 ? `${rounded(kbps / 1_000, 1)} Mbit/s` : `${rounded(kbps, 0)} kbit/s`;
}

/** A value of a unit that the API names; a share has none and is shown in percent. */
export function measured(value: number | null | undefined, unit: string): string {
  switch (unit) {
    case 'ms':
      return ms(value);
    case 'kbit/s':
      return rate(value);
    case '':
      return percent(value);
    default:
      return value === null || value === undefined ? NOTHING : `${count(value)} ${unit}`;
  }
}

/** @param share 0 to 1 */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) {
    return NOTHING;
  }
  const value = share * 100;
  return `${rounded(value, value > 0 && value < 10 ? 1 : 0)} %`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** "3 incidents", "1 incident". */
export function many(n: number, one: string, more = one + 's'): string {
  return `${count(n)} ${n === 1 ? one : more}`;
}

/** How long, in the largest two units. */
export function span(millis: number): string {
  const minutes = Math.round(millis / 60_000);
  if (minutes < 1) {
    return `${Math.max(0, Math.round(millis / 1_000))} s`;
  }
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The length of a step: 10 min, 3 h, 4 d. */
export function length(seconds: number): string {
  const [units, name] = seconds % 86_400 === 0 ? [86_400, 'd'] : seconds % 3_600 === 0 ? [3_600, 'h'] : [60, 'min'];
  return `${seconds / units} ${name}`;
}

/** In the zone of whoever looks; the day is left out when it is today. */
export function local(millis: number, now = Date.now()): string {
  const at = new Date(millis);
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  return sameDay(at, new Date(now))
    ? time
    : `${at.toLocaleDateString([], { year: 'numeric', month: '2-digit', day: '2-digit' })} ${time}`;
}

/** 2026-11-20 23:00:00 UTC */
export function utc(millis: number): string {
  return new Date(millis)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

function rounded(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** What a change made of the members of an object: `role viewer → operator`; those that stayed are left out. */
export function differences(before: Record<string, unknown> | null, after: Record<string, unknown> | null): string {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((name) => ({ name, was: shown(before?.[name]), is: shown(after?.[name]) }))
    .filter(({ was, is }) => was !== is)
    .map(({ name, was, is }) => `${name.replaceAll('_', ' ')} ${before && after ? `${was} → ${is}` : after ? is : was}`)
    .join(', ');
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    return NOTHING;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
