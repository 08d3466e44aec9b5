import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { session } from '../lib/session.svelte';
import type { Known, Problem, Window } from '../lib/types';
import Orders from '../parts/Orders.svelte';
import SeriesTable from '../parts/SeriesTable.svelte';
import Sure from '../parts/Sure.svelte';
import Admin from './admin/Admin.svelte';
import Catalogue from './Catalogue.svelte';
import Measured from './Measured.svelte';
import Overview from './Overview.svelte';

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

function overview(of: object) {
  return {
    from: MINUTE,
    to: '2026-11-21T00:00:00Z',
    step_s: 60,
    complete_until: '2026-11-21T00:00:00Z',
    kept_from: null,
    open_problems: 0,
    open_incidents: 0,
    all: { complete: true, window_count: 0, count_total: 0, count_error: 0, reasons: {}, ...of },
    steps: [],
  };
}

it('an overview of no probe at all says how to start one', async () => {
  answers = { '/api/v1/overview': overview({}), '/api/v1/series': { series: [] } };

  render(Overview);

  expect(await screen.findByText(/No probe has reported yet/)).toBeTruthy();
});

it('an overview that is not added up yet says so', async () => {
  answers = { '/api/v1/overview': overview({ complete: false }), '/api/v1/series': { series: [{}] } };

  render(Overview);

  expect(await screen.findByText(/it is being added up/)).toBeTruthy();
});

it('an overview of a time without measurements offers a longer one', async () => {
  answers = { '/api/v1/overview': overview({}), '/api/v1/series': { series: [{}] } };

  render(Overview);

  (await screen.findByRole('button', { name: 'Show the last 30 days' })).click();
  expect(location.hash).toContain('range=30d');
});

it('an overview has its numbers with their units and of how many they are', async () => {
  answers = {
    '/api/v1/overview': {
      ...overview({
        window_count: 2,
        client_count: 1200,
        target_count: 3,
        series_count: 3600,
        count_total: 400,
        count_error: 8,
        total_count: 392,
        total_p50: 80,
        total_p95: 250,
        throughput_count: 0,
        percentiles: 'sketch',
        score: 97,
        reasons: { DNS: { nxdomain: 5 }, TCP: { refused: 3 } },
      }),
      open_problems: 2,
      open_incidents: 7,
      complete_until: '2026-11-20T23:30:00Z',
    },
  };

  render(Overview);

  expect((await screen.findByText('97')).parentElement?.textContent).toContain('400 measurements');
  expect(screen.getByText('250 ms').parentElement?.textContent).toContain('p50 80 ms, within 1 %, of 392 measurements');
  expect(screen.getByText('2 %').parentElement?.textContent).toContain('DNS: nxdomain, 5 times');
  expect(screen.getByText('1,200')).toBeTruthy();
  expect(screen.getByText('of 7 open incidents, now')).toBeTruthy();
});

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

async function signedIn(as: Partial<Known>): Promise<void> {
  answers = { ...answers, '/api/v1/session': { csrf_token: 'c', ...as } };
  await session.look();
}

const PROBLEM = { incidents: [{ id: 'x' }], label: 'tls-failure', client_id: null, target: null } as unknown as Problem;

it('nobody takes a problem on without a name, and a token has none', async () => {
  await signedIn({ name: '3f0c9a12ab34', role: null, scope: 'operate' });

  render(Orders, { problem: PROBLEM });

  expect(screen.getByRole('button', { name: 'Take it on' }).hasAttribute('disabled')).toBe(true);
});

it('who has signed in takes a problem on by that name', async () => {
  await signedIn({ name: 'eva', role: 'operator', scope: 'operate' });

  render(Orders, { problem: PROBLEM });

  expect(screen.queryByLabelText('Your name')).toBeNull();
  expect(screen.getByRole('button', { name: 'Take it on' }).hasAttribute('disabled')).toBe(false);
});

it('a viewer is not offered what a viewer may not do', async () => {
  await signedIn({ name: 'tom', role: 'viewer', scope: 'read' });

  render(Orders, { problem: PROBLEM });
  render(Admin);

  expect(screen.queryByRole('button', { name: 'Take it on' })).toBeNull();
  expect(screen.getByText(/Operators and administrators take problems on/)).toBeTruthy();
  expect(screen.getByText(/Only administrators come here/)).toBeTruthy();
});

it('what somebody else may do is said, and a made password is shown', async () => {
  await signedIn({ name: 'eva', role: 'admin', scope: 'admin' });
  const user = { role: 'viewer', disabled: false, created_at: MINUTE, last_seen_at: null, locked_until: null };
  answers['/api/v1/users'] = { name: 'kim', password: '7kqm', users: [{ ...user, name: 'tom' }] };

  render(Admin);

  const role = (await screen.findByLabelText('Role of tom')) as HTMLSelectElement;
  expect(role.value).toBe('viewer');
  await fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'kim' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(((await screen.findByLabelText(/Password of kim/)) as HTMLInputElement).value).toBe('7kqm');
});

it('what cannot be taken back is asked once more', async () => {
  const done: string[] = [];
  render(Sure, {
    of: 'Remove tom',
    onsure: () => done.push('removed'),
    children: createRawSnippet(() => ({ render: () => '<b>Remove</b>' })),
  });

  await fireEvent.click(screen.getByRole('button', { name: 'Remove tom' }));
  expect(done).toEqual([]);
  await fireEvent.click(screen.getByRole('button', { name: 'Sure? Remove tom' }));

  expect(done).toEqual(['removed']);
});
