import { describe, expect, it } from 'vitest';
import { Api, Refused } from './api';

type Sent = { path: string; request: RequestInit };

function node(...answers: Response[]): { api: Api; sent: Sent[] } {
  const sent: Sent[] = [];
  const api = new Api(
    () => ({ Authorization: 'Bearer sonde_read_x' }),
    (path, request) => {
      sent.push({ path: String(path), request: request! });
      return Promise.resolve(answers.shift()!);
    },
  );
  return { api, sent };
}

describe('a file', () => {
  it('has the name that the node gives it', async () => {
    const { api, sent } = node(
      new Response('a,b\r\n', { headers: { 'Content-Disposition': 'attachment; filename="sonde-clients-1.csv"' } }),
    );

    const file = await api.file('/api/v1/export', { what: 'clients', format: 'csv', contains: '' });

    expect(sent[0]!.path).toBe('/api/v1/export?what=clients&format=csv');
    expect(file.name).toBe('sonde-clients-1.csv');
    expect(await file.content.text()).toBe('a,b\r\n');
  });

  it('that is refused says why', async () => {
    const { api } = node(json({ title: 'Too many rows', detail: 'ask for less time', status: 400 }, 400));

    await expect(api.file('/api/v1/export', { what: 'windows' })).rejects.toMatchObject({ title: 'Too many rows' });
  });

  it('that breaks off is none', async () => {
    const broken = new ReadableStream({ pull: (to) => to.error(new TypeError('network error')) });
    const { api } = node(new Response(broken));

    await expect(api.file('/api/v1/export', { what: 'windows' })).rejects.toMatchObject({
      title: 'The file broke off',
    });
  });
});

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

describe('a question', () => {
  it('shows its credentials and leaves out what is not asked', async () => {
    const { api, sent } = node(json({ clients: [] }));

    await api.get('/api/v1/clients', { contains: 'a&b', prefix: '', cursor: undefined, limit: 5 });

    expect(sent[0]!.path).toBe('/api/v1/clients?contains=a%26b&limit=5');
    expect(new Headers(sent[0]!.request.headers).get('Authorization')).toBe('Bearer sonde_read_x');
  });

  it('that is refused says what the node said', async () => {
    const { api } = node(json({ title: 'Parameter cannot be read', detail: 'limit: 1 to 1000', status: 400 }, 400));

    await expect(api.get('/api/v1/clients')).rejects.toMatchObject({ status: 400, detail: 'limit: 1 to 1000' });
  });

  it('that something else refuses is refused too', async () => {
    const { api } = node(new Response('<h1>Bad gateway</h1>', { status: 502 }));

    await expect(api.get('/api/v1/clients')).rejects.toMatchObject({ status: 502, title: 'The answer was 502' });
  });

  it('that nobody answers says so', async () => {
    const api = new Api(
      () => ({}),
      () => Promise.reject(new TypeError('Failed to fetch')),
    );

    await expect(api.get('/api/v1/clients')).rejects.toBeInstanceOf(Refused);
  });

  it('that was given up is not a failure of the node', async () => {
    const giveUp = new AbortController();
    giveUp.abort(new Error('left'));
    const api = new Api(
      () => ({}),
      (_, request) => Promise.reject(request!.signal!.reason),
    );

    await expect(api.get('/api/v1/clients', {}, giveUp.signal)).rejects.toThrow('left');
  });
});

describe('a list', () => {
  it('is read page by page', async () => {
    const { api, sent } = node(json({ series: [1, 2], next: 'c1' }), json({ series: [3] }));

    const all = await api.all<'series', number>('/api/v1/series', 'series', { client_id: 'a' });

    expect(all).toEqual({ items: [1, 2, 3], more: false });
    expect(sent[1]!.path).toBe('/api/v1/series?limit=1000&client_id=a&cursor=c1');
  });

  it('that has no end is cut, and says so', async () => {
    const { api, sent } = node(...Array.from({ length: 9 }, () => json({ series: [1], next: 'on' })));

    const all = await api.all<'series', number>('/api/v1/series', 'series', {});

    expect(all).toEqual({ items: [1, 1, 1, 1, 1], more: true });
    expect(sent).toHaveLength(5);
  });
});
