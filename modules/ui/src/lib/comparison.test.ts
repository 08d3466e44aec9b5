import { expect, it } from 'vitest';
import { comparedOf, comparisonQuery, MOST } from './comparison';

const named = (client_id: string, target = 'https://a/?b=c&d') => ({ client_id, target });

it('comes back as it was written', () => {
  const compared = [named('berlin-1'), named('a~b'), named('100% & café', 'http://x/~user')];

  expect(comparedOf(new URLSearchParams(comparisonQuery(compared).toString()))).toEqual(compared);
});

it('holds six at most', () => {
  const many = Array.from({ length: 9 }, (_, i) => named(`c${i}`));

  expect(comparedOf(comparisonQuery(many))).toHaveLength(MOST);
});

it.each(['s=', 's=only', 's=~', 's=%25E0%25A4~x'])('leaves out what cannot be read: %s', (query) => {
  expect(comparedOf(new URLSearchParams(query))).toEqual([]);
});
