import { cleanup, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Problem, Window } from '../lib/types';
import Orders from '../parts/Orders.svelte';
import SeriesTable from '../parts/SeriesTable.svelte';
import Catalogue from './Catalogue.svelte';
import Measured from './Measured.svelte';

/** What a node answers, by path. */
let answers: Record<string, unknown> = {};

beforeEach(() => {
  location.hash = '';
  vi.stubGlobal('fetch', (path: string) => {
    const answer = answers[path.split('?')[0]!];
    return Promise.resolve(
      answer === undefined
        ? new Response(JSON.stringify({ title: 'Not found', detail: 'Nothing is here.', status: 404 }), { status: 404 })
        : new Response(JSON.stringify(answer)),
    );
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const MINUTE = '2026-11-20T23:00:00Z';

it('a list links to each of its items', async () => {
  answers = {
    '/api/v1/targets': {
      targets: [
        {
          target: 'https://a/?x=1',
          client_count: 1200,
          first_window_ts: MINUTE,
          last_window_ts: MINUTE,
          status: 'troubled',
          open_incidents: 2,
          worst_label: 'dns-bound',
          open_labels: ['dns-bound'],
        },
      ],
    },
  };

  render(Catalogue, { of: 'targets' });

  const link = await screen.findByRole('link', { name: 'https://a/?x=1' });
  expect(link.getAttribute('href')).toBe('#/targets/https%3A%2F%2Fa%2F%3Fx%3D1');
  expect(screen.getByRole('cell', { name: '1,200' })).toBeTruthy();
  expect(screen.getByRole('cell', { name: /dns-bound 2 incidents/ })).toBeTruthy();
});

it('an empty list says how to fill it', async () => {
  answers = { '/api/v1/clients': { clients: [] } };

  render(Catalogue, { of: 'clients' });

  expect(await screen.findByText(/No probe has reported yet/)).toBeTruthy();
});

it('a refusal is shown in the words of the node', async () => {
  answers = {};

  render(Catalogue, { of: 'clients' });

  expect((await screen.findByRole('alert')).textContent).toContain('Nothing is here.');
});

it('a client that is silent says since when', async () => {
  answers = {
    '/api/v1/windows': { windows: [] },
    '/api/v1/incidents': { incidents: [] },
    '/api/v1/series': {
      series: [
        {
          client_id: 'a',
          target: 't',
          first_window_ts: '2020-01-01T00:00:00Z',
          last_window_ts: '2020-01-02T00:00:00Z',
        },
      ],
    },
  };

  render(Measured, { of: { client_id: 'a' } });

  expect(await screen.findByText(/Silent since/)).toBeTruthy();
});

function window(target: string, minute: number, p95: number | null): Window {
  return {
    client_id: 'a',
    target,
    window_start_ts: new Date(minute * 60_000).toISOString(),
    count_total: 4,
    count_error: p95 === null ? 4 : 0,
    total_p50: p95,
    total_p95: p95,
    throughput_p50: null,
    diagnosis_label: 'healthy',
  } as Window;
}

it('the slowest series comes first, by its newest window, and one that only fails before all', () => {
  const windows = [
    window('slow', 2, 90),
    window('was slow', 1, 500),
    window('was slow', 2, 10),
    window('fails', 2, null),
  ];

  render(SeriesTable, { windows, by: 'target' });

  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map((row) => within(row).getByRole('link').textContent)).toEqual(['fails', 'slow', 'was slow']);
});

it('nobody takes a problem on without a name', () => {
  const problem = { incidents: [{ id: 'x' }] } as Problem;

  render(Orders, { problem });

  expect(screen.getByRole('button', { name: 'Take it on' }).hasAttribute('disabled')).toBe(true);
});
