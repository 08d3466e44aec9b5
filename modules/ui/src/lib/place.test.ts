import { describe, expect, it } from 'vitest';
import { changed, hashOf, linked, placeOf } from './place';

describe('an address', () => {
  it.each([
    ['', [], ''],
    ['#/', [], ''],
    ['#/clients', ['clients'], ''],
    ['#/targets/https%3A%2F%2Fshop.example%2F%3Fa%3D1?range=6h', ['targets', 'https://shop.example/?a=1'], 'range=6h'],
    ['#/clients/100%25%20%2F%20caf%C3%A9', ['clients', '100% / café'], ''],
  ])('%s is read and written alike', (hash, path, query) => {
    const place = placeOf(hash);

    expect(place.path).toEqual(path);
    expect(place.query.toString()).toBe(query);
    expect(placeOf(hashOf(place.path, place.query))).toEqual(place);
  });

  it('that is broken is shown as it is', () => {
    expect(placeOf('#/clients/%E0%A4%A').path).toEqual(['clients', '%E0%A4%A']);
  });
});

describe('a link', () => {
  it('keeps the time and nothing else', () => {
    const here = placeOf('#/clients?range=7d&search=berlin&cursor=x');

    expect(linked(here, ['clients', 'berlin-1'])).toBe('#/clients/berlin-1?range=7d');
  });

  it('says more when it is told to', () => {
    expect(linked(placeOf('#/'), ['problems'], { state: 'open', label: null })).toBe('#/problems?state=open');
  });
});

describe('a link with a name more than once', () => {
  it('keeps them all, and the time', () => {
    const here = placeOf('#/?range=7d');

    expect(linked(here, ['compare'], new URLSearchParams('s=a&s=b'))).toBe('#/compare?range=7d&s=a&s=b');
  });
});

describe('a changed question', () => {
  it('loses what is empty', () => {
    expect(changed(new URLSearchParams('a=1&b=2'), { a: '', b: '3' }).toString()).toBe('b=3');
  });
});
