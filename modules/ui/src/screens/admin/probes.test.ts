import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import ProbeEditor from './ProbeEditor.svelte';

const TOLD = {
  client_id: 'berlin-1',
  attributes: {},
  last_window_ts: null,
  silent_since: null,
  version: '1.0',
  asked_at: '2026-11-20T23:00:00Z',
  state: 'pending',
  config: {
    of: 'own',
    etag: 'abc',
    target_count: 1,
    targets: ['http://a/'],
    interval: '5s',
    changed_at: '2026-11-20T23:00:00Z',
    changed_by: 'eva',
  },
};

let probe: unknown = TOLD;
let refusal: unknown;
let sent: { path: string; request: RequestInit }[] = [];

beforeEach(() => {
  probe = TOLD;
  sent = [];
  vi.stubGlobal('fetch', (path: string, request: RequestInit) => {
    sent.push({ path, request });
    if (request.method === 'PUT') {
      return Promise.resolve(new Response(JSON.stringify(refusal), { status: 400 }));
    }
    return Promise.resolve(
      new Response(
        JSON.stringify(
          path.includes('/config') ? { targets: ['http://a/'], interval: '5s' } : { probes: [probe], default: null },
        ),
      ),
    );
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('what a probe is told is there to be changed, and only as it was read', async () => {
  refusal = { title: 'Invalid parameter', detail: 'interval: 100ms to 24h', status: 400, parameter: 'interval' };
  render(ProbeEditor, { id: 'berlin-1' });

  const targets = (await screen.findByLabelText('Targets, one a line')) as HTMLTextAreaElement;
  await vi.waitFor(() => expect(targets.value).toBe('http://a/'));
  await fireEvent.input(targets, { target: { value: 'http://a/\nhttp://b/' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByText(/interval: 100ms to 24h/)).toBeTruthy();
  const put = sent.find((one) => one.request.method === 'PUT')!;
  expect(JSON.parse(String(put.request.body))).toEqual({ targets: ['http://a/', 'http://b/'], interval: '5s' });
  expect(new Headers(put.request.headers).get('If-Match')).toBe('"abc"');
  expect(screen.getByLabelText('Interval').getAttribute('aria-invalid')).toBe('true');
});

it('a probe that is told nothing is given its first configuration, and no error before one has typed', async () => {
  probe = { ...TOLD, state: 'own', config: null };
  render(ProbeEditor, { id: 'berlin-1' });

  const targets = await screen.findByLabelText('Targets, one a line');
  expect(screen.queryByText('Name at least one target.')).toBeNull();
  expect(sent.some((one) => one.path.includes('/config'))).toBe(false);
  await fireEvent.input(targets, { target: { value: 'http://b/' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Save' }));

  const put = sent.find((one) => one.request.method === 'PUT')!;
  expect(new Headers(put.request.headers).get('If-None-Match')).toBe('*');
});
