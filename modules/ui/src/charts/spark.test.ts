import { expect, it } from 'vitest';
import { sparkPath } from './spark';

it('draws the highest at the top and zero at the bottom', () => {
  expect(sparkPath([0, 5, 10], 100, 20)).toBe('M0 20L50 10L100 0');
});

it('breaks where nothing was measured', () => {
  expect(sparkPath([10, null, 10], 100, 20)).toBe('M0 0M100 0');
});

it.each([[[]], [[null]], [[0]]])('has nothing to divide by zero in %s', (values) => {
  expect(sparkPath(values, 100, 20)).not.toContain('NaN');
});
