import { session } from './session.svelte';
import { resolutionOf, type Range } from './range';
import type { Distribution, Incident, Measure, Overview, Series, Window } from './types';

/** What several screens ask in the same way. */

export const times = (range: Range) => ({
  from: new Date(range.from).toISOString(),
  to: new Date(range.to).toISOString(),
});

/** Windows of a time, at the resolution that fits it. */
export function windows(
  of: { client_id?: string; target?: string },
  range: Range,
  signal: AbortSignal,
): Promise<{ items: Window[]; more: boolean }> {
  return session.api.all<'windows', Window>(
    '/api/v1/windows',
    'windows',
    { ...of, ...times(range), resolution: resolutionOf(range) },
    signal,
  );
}

/** How all values of a time are spread, merged by the node. */
export function distribution(
  of: { client_id: string; target: string },
  measure: Measure,
  range: Range,
  signal: AbortSignal,
): Promise<Distribution> {
  return session.api.get('/api/v1/series/distribution', { ...of, ...times(range), measure }, signal);
}

/** All series together. */
export function overview(range: Range, signal: AbortSignal): Promise<Overview> {
  return session.api.get<Overview>('/api/v1/overview', times(range), signal);
}

/** Incidents that went on in that time, the latest first. */
export async function incidents(
  of: { client_id?: string; target?: string },
  range: Range,
  signal: AbortSignal,
): Promise<Incident[]> {
  return (await session.api.get<{ incidents: Incident[] }>('/api/v1/incidents', { ...of, ...times(range) }, signal))
    .incidents;
}

export async function series(
  of: { client_id?: string; target?: string },
  signal: AbortSignal,
): Promise<{ items: Series[]; more: boolean }> {
  return session.api.all<'series', Series>('/api/v1/series', 'series', of, signal);
}
