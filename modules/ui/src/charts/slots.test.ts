import { describe, expect, it } from 'vitest';
import type { Overview, Window } from '../lib/types';
import { failed, failures, slots, stacked, steps, summed, values } from './slots';

const MINUTE = 60_000;
const RANGE = { from: 0, to: 4 * MINUTE, name: null };

function window(minute: number, of: Partial<Window>): Window {
  return {
    window_start_ts: new Date(minute * MINUTE).toISOString(),
    count_total: 4,
    count_error: 0,
    total_count: 4,
    dns_p50: null,
    tcp_p50: null,
    tls_p50: null,
    ttfb_p50: null,
    total_p50: null,
    total_p95: null,
    ...of,
  } as Window;
}

describe('slots', () => {
  it('leave a gap where nothing was measured', () => {
    const of = slots([window(3, { total_p50: 9 }), window(1, { total_p50: 5 })], RANGE, '1m');

    expect(of.times).toEqual([0, 60, 120, 180]);
    expect(values(of, 'total', 'p50')).toEqual([null, 5, null, 9]);
  });

  it('begin at a multiple of their length', () => {
    expect(slots([], { from: 90_000, to: 150_000, name: null }, '1m').times).toEqual([60, 120]);
  });
});

describe('stages', () => {
  it('stand upon each other', () => {
    const of = slots([window(0, { dns_p50: 1, tcp_p50: 2, ttfb_p50: 10 })], RANGE, '1m');

    expect(stacked(of).map((stage) => stage[0])).toEqual([1, 3, 3, 13]);
  });

  it('are not drawn where everything failed', () => {
    const of = slots([window(0, { total_count: 0, count_error: 4 })], RANGE, '1m');

    expect(stacked(of).map((stage) => stage[0])).toEqual([null, null, null, null]);
    expect(failed(of)).toEqual([1, null, null, null]);
  });
});

describe('steps of an overview', () => {
  it('leave a gap where there is none', () => {
    const overview = {
      from: new Date(0).toISOString(),
      to: new Date(6 * MINUTE).toISOString(),
      step_s: 120,
      steps: [{ start_ts: new Date(2 * MINUTE).toISOString(), total_p95: 7 }],
    } as Overview;

    const of = steps(overview);

    expect(of.times).toEqual([0, 120, 240]);
    expect(values(of, 'total', 'p95')).toEqual([null, 7, null]);
  });
});

describe('failures', () => {
  it('stand upon each other, each a share of all measurements', () => {
    const of = slots(
      [
        window(0, {
          dns_error_count: 1,
          tcp_error_count: 0,
          tls_error_count: 2,
          http_error_count: 0,
          throughput_error_count: 0,
        }),
      ],
      RANGE,
      '1m',
    );

    expect(failures(of).map((stage) => stage.own[0])).toEqual([0.25, 0, 0.5, 0, 0]);
    expect(failures(of).map((stage) => stage.upon[0])).toEqual([0.25, 0.25, 0.75, 0.75, 0.75]);
    expect(failures(of)[0]!.upon[1]).toBeNull();
  });
});

describe('a sum', () => {
  it('names the worst window instead of a mean of percentiles', () => {
    const of = slots(
      [
        window(0, { total_p50: 10, total_p95: 20 }),
        window(1, { total_p50: 30, total_p95: 90, count_error: 1 }),
        window(2, { total_p50: 20, total_p95: 40 }),
      ],
      RANGE,
      '1m',
    );

    expect(summed(of, 'total')).toEqual({
      measurements: 12,
      errors: 1,
      worst: { value: 90, time: MINUTE },
    });
  });

  it('of nothing is nothing', () => {
    expect(summed(slots([], RANGE, '1m'), 'total')).toEqual({ measurements: 0, errors: 0, worst: null });
  });
});
