import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_SHOWN, Newest } from './newest.svelte';
import type { ToldWindow } from './stream.svelte';

const MINUTE = '2026-11-20T23:00:00Z';

function window(client: string, more: Partial<ToldWindow> = {}): ToldWindow {
  return { client_id: client, target: 't', window_start_ts: MINUTE, revision: 1, ...more } as ToldWindow;
}

const clients = (newest: Newest) => newest.shown.map((one) => one.client_id);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the newest windows', () => {
  it('are drawn together, the last one first', async () => {
    const newest = new Newest();

    newest.add([window('a')]);
    newest.add([window('b'), window('c')]);
    expect(newest.shown).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);

    expect(clients(newest)).toEqual(['c', 'b', 'a']);
  });

  it('are so many and no more, however many come', async () => {
    const newest = new Newest();

    for (let i = 0; i < 5_000; i++) {
      newest.add([window(`c${i}`)]);
    }
    await vi.advanceTimersByTimeAsync(300);

    expect(newest.shown).toHaveLength(MOST_SHOWN);
    expect(clients(newest)[0]).toBe('c4999');
  });

  it('wait while it is paused, and are counted', async () => {
    const newest = new Newest();
    newest.pause();

    newest.add([window('a'), window('b')]);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(newest.shown).toEqual([]);
    expect(newest.held).toBe(2);
    newest.goOn();
    expect(clients(newest)).toEqual(['b', 'a']);
    expect(newest.held).toBe(0);
  });

  it('that come again replace what was there, and an older one does not', async () => {
    const newest = new Newest();
    newest.fill([window('a', { revision: 2 })]);

    newest.add([window('a', { revision: 3, count_total: 9 })]);
    newest.add([window('a', { revision: 1 })]);
    await vi.advanceTimersByTimeAsync(300);

    expect(newest.shown).toEqual([window('a', { revision: 3, count_total: 9 })]);
  });

  it('that were missed are put where they belong', () => {
    const newest = new Newest();
    newest.add([window('new', { window_start_ts: '2026-11-20T23:02:00Z' })]);

    newest.fill([window('old'), window('newer', { window_start_ts: '2026-11-20T23:01:00Z' })]);

    expect(clients(newest)).toEqual(['new', 'newer', 'old']);
  });

  it('have a rate that falls when nothing comes', () => {
    vi.setSystemTime(0);
    const newest = new Newest();
    newest.add(Array.from({ length: 50 }, (_, i) => window(`c${i}`)));

    vi.setSystemTime(1_000);
    newest.tick();
    expect(newest.rate).toBe(5);
    vi.setSystemTime(20_000);
    newest.tick();
    expect(newest.rate).toBe(0);
  });
});
