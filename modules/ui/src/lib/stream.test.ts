import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pause, Stream } from './stream.svelte';

/** The line of a node that does what the test says. */
class Socket {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  sent: Record<string, { id: string }>[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, { id: string }>);
  }

  close(): void {
    this.isClosed = true;
  }

  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let sockets: Socket[] = [];
let isLetIn: () => Promise<boolean>;

function stream(): Stream {
  return new Stream({
    isLetIn: () => isLetIn(),
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    random: () => 1,
  });
}

async function opened(of: Stream): Promise<Socket> {
  of.start();
  await vi.advanceTimersByTimeAsync(0);
  sockets.at(-1)!.says({ hello: {} });
  return sockets.at(-1)!;
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  isLetIn = () => Promise.resolve(true);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the stream', () => {
  it('asks for what is wanted once it is open, and tells whoever wanted it', async () => {
    const line = stream();
    const told = vi.fn();
    line.subscribe({ channel: 'windows', client_id: 'a*', target: '', told });

    const socket = await opened(line);
    const { id } = socket.sent[0]!['subscribe']!;
    socket.says({ id, windows: [{ client_id: 'ab' }] });
    socket.says({ id: 'another', windows: [{}] });

    expect(line.line).toBe('open');
    expect(socket.sent).toEqual([{ subscribe: { id, channel: 'windows', client_id: 'a*' } }]);
    expect(told).toHaveBeenCalledExactlyOnceWith([{ client_id: 'ab' }]);
  });

  it('that breaks is tried again, later each time, and asks for the same', async () => {
    const line = stream();
    line.subscribe({ channel: 'problems', told: vi.fn() });
    const first = await opened(line);
    isLetIn = () => Promise.reject(new TypeError('away'));

    first.onclose!({ code: 1006 });
    expect(line.line).toBe('waiting');
    await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
    expect(sockets).toHaveLength(1);
    isLetIn = () => Promise.resolve(true);
    await vi.advanceTimersByTimeAsync(4_000);
    sockets[1]!.says({ hello: {} });

    expect(line.line).toBe('open');
    expect(sockets[1]!.sent).toEqual(first.sent);
  });

  it('says what may have been missed: since it was last heard, when the nodes know that it listens', async () => {
    const line = stream();
    const missed = vi.fn();
    line.subscribe({ channel: 'windows', told: vi.fn(), missed });
    const first = await opened(line);
    const { id } = first.sent[0]!['subscribe']!;
    first.says({ subscribed: { id } });
    await vi.advanceTimersByTimeAsync(2_000);
    first.says({ heartbeat: '' });
    const heard = Date.now();
    first.onclose!({ code: 1001 });
    await vi.advanceTimersByTimeAsync(1_000);
    sockets[1]!.says({ hello: {} });
    sockets[1]!.says({ subscribed: { id } });
    expect(missed.mock.calls).toEqual([[null]]);
    await vi.advanceTimersByTimeAsync(2_000);
    sockets[1]!.says({ skipped: 7 });

    expect(missed.mock.calls).toEqual([[null], [heard], [heard]]);
  });

  it('that falls silent is given up', async () => {
    const line = stream();
    const socket = await opened(line);

    await vi.advanceTimersByTimeAsync(44_000);
    expect(line.line).toBe('open');
    await vi.advanceTimersByTimeAsync(2_000);

    expect(socket.isClosed).toBe(true);
    expect(sockets).toHaveLength(2);
  });

  it.each([
    ['nobody is signed in', async (line: Stream) => ((isLetIn = () => Promise.resolve(false)), line.start())],
    ['the session has ended', async (line: Stream) => (await opened(line)).onclose!({ code: 4401 })],
  ])('is not tried again when %s', async (_, happens) => {
    const line = stream();

    await happens(line);
    await vi.advanceTimersByTimeAsync(120_000);

    expect(line.line).toBe('refused');
    expect(sockets.length).toBeLessThanOrEqual(1);
  });

  it('that is stopped stays so, even while it connects', async () => {
    const line = stream();
    line.start();
    line.stop();

    await vi.advanceTimersByTimeAsync(60_000);

    expect(line.line).toBe('off');
    expect(sockets).toHaveLength(0);
  });

  it('what is not wanted any more is not told', async () => {
    const line = stream();
    const told = vi.fn();
    const end = line.subscribe({ channel: 'clients', told });
    const socket = await opened(line);
    const { id } = socket.sent[0]!['subscribe']!;

    end();
    socket.says({ id, clients: [{}] });

    expect(socket.sent[1]).toEqual({ unsubscribe: { id } });
    expect(told).not.toHaveBeenCalled();
  });
});

describe('a pause', () => {
  it('doubles up to half a minute, and is not the same for everybody', () => {
    expect([0, 1, 2, 10].map((attempt) => pause(attempt, 1))).toEqual([500, 1_000, 2_000, 30_000]);
    expect(pause(2, 0)).toBe(1_000);
  });
});
