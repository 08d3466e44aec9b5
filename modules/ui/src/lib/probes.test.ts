import { describe, expect, it } from 'vitest';
import { EMPTY, configOf, formOf, mistakes } from './probes';

const GOOD = {
  ...EMPTY,
  targets: 'https://a.test/\n http://b.test/,throughput=http://b.test/1mb.bin \n\n',
  interval: '5s',
};

describe('a form of a configuration', () => {
  it('is the configuration without what is left empty', () => {
    expect(configOf(GOOD)).toEqual({
      targets: ['https://a.test/', 'http://b.test/,throughput=http://b.test/1mb.bin'],
      interval: '5s',
    });
    expect(mistakes(GOOD)).toEqual({});
  });

  it('comes back from the configuration that it made', () => {
    expect(configOf(formOf(configOf(GOOD)))).toEqual(configOf(GOOD));
  });

  it.each([
    ['', 'at least one'],
    ['ftp://a/', 'is no target'],
    ['https://user@a/', 'is no target'],
    ['http://a/,throughput=b', 'is no target'],
    ['http://a/\nhttp://a/', 'named twice'],
    [Array.from({ length: 1001 }, (_, i) => `http://a/${i}`).join('\n'), 'too many'],
  ])('with targets like %s says what to write', (targets, said) => {
    expect(mistakes({ ...GOOD, targets }).targets).toContain(said);
  });

  it.each(['5', 'soon', '-1s', '5 days'])('does not take %s for a time', (interval) => {
    expect(mistakes({ ...GOOD, interval }).interval).toContain('such as 5s');
  });

  it('may switch throughput off', () => {
    expect(mistakes({ ...GOOD, 'throughput-interval': 'off' })).toEqual({});
    expect(mistakes({ ...GOOD, interval: 'off' }).interval).toBeDefined();
  });
});
