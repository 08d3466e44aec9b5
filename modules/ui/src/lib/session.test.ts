import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { session } from './session.svelte';

interface Sent {
  path: string;
  method: string;
  headers: Headers;
}

let sent: Sent[] = [];
let answers: Response[] = [];

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const EVA = { name: 'eva', role: 'operator', scope: 'operate', csrf_token: 'c1' };

beforeEach(() => {
  sent = [];
  vi.stubGlobal('fetch', (path: string, request: RequestInit) => {
    sent.push({ path, method: request.method!, headers: new Headers(request.headers) });
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('Failed to fetch'));
  });
});

afterEach(() => {
  session.ended();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('who comes again with a cookie is known without a password', async () => {
  answers = [json(EVA)];

  await session.look();

  expect(session.name).toBe('eva');
  expect(session.may('operate')).toBe(true);
  expect(session.may('read')).toBe(true);
  expect(session.may('admin')).toBe(false);
});

it('who has no session is asked to sign in', async () => {
  answers = [json({ title: 'Not authorized' }, 401)];

  await session.look();

  expect(session.known).toBeNull();
});

it('a node that does not answer is asked again', async () => {
  vi.useFakeTimers();
  answers = [];
  await session.look();
  answers = [json(EVA)];

  await vi.advanceTimersByTimeAsync(2_000);

  expect(session.name).toBe('eva');
});

it('what a person orders shows what no other site knows, and nothing is kept', async () => {
  answers = [json(EVA), json({ id: 'x' })];
  await session.signIn('eva', 'correct horse battery');

  await session.api.post('/api/v1/silences', {});

  expect(sent[1]!.headers.get('X-CSRF-Token')).toBe('c1');
  expect(sent[1]!.headers.get('Authorization')).toBeNull();
  expect(sessionStorage.length).toBe(0);
});

it('a token is shown with each question of this tab, until it is signed out', async () => {
  answers = [json({ name: '3f0c9a12ab34', role: null, scope: 'read' }), json({ clients: [] })];
  await session.show(' sonde_read_x ');
  await session.api.get('/api/v1/clients');

  await session.signOut();

  expect(sent[1]!.headers.get('Authorization')).toBe('Bearer sonde_read_x');
  expect(sent).toHaveLength(2);
  expect(session.known).toBeNull();
  expect(sessionStorage.length).toBe(0);
});

it('who signs out is out at the node', async () => {
  answers = [json(EVA), json({ name: 'eva' })];
  await session.signIn('eva', 'correct horse battery');

  await session.signOut();

  expect(sent[1]).toMatchObject({ path: '/api/v1/session', method: 'DELETE' });
  expect(session.known).toBeNull();
});
