import { describe, expect, it } from 'vitest';
import { changesOf, valueOf } from './thresholds';
import type { Setting } from './types';

const setting = (threshold: string, source = 'default'): Setting => ({
  key: `sonde.diagnosis.${threshold}`,
  value: '3',
  default: '3',
  changed: source !== 'default',
  source,
  threshold,
  file: '3',
});
const ALL = [setting('incident.opens'), setting('baseline.robust'), setting('incident.accept-after')];
const SET = [{ key: 'incident.opens', value: '2', changed_at: '', changed_by: 'eva' }];

describe('thresholds that are wished', () => {
  it('are those that hold with what was typed over them', () => {
    expect(changesOf(SET, ALL, { 'baseline.robust': 'true', 'incident.accept-after': '12 h' })).toEqual({
      'incident.opens': 2,
      'baseline.robust': true,
      'incident.accept-after': '12 h',
    });
  });

  it('are left to the file where the field is emptied', () => {
    expect(changesOf(SET, ALL, { 'incident.opens': '' })).toEqual({});
  });

  it('are numbers as they were typed', () => {
    expect(changesOf([], ALL, { 'incident.opens': '2.5' })).toEqual({ 'incident.opens': 2.5 });
    expect(changesOf([], ALL, { 'incident.opens': 'many' })).toEqual({ 'incident.opens': 'many' });
  });
});

it('a field shows what is set for all nodes and nothing of the file', () => {
  expect(valueOf(setting('incident.opens'))).toBe('');
  expect(valueOf(setting('incident.opens', 'set through the API by eva at 2026'))).toBe('3');
});
