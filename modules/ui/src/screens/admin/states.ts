import type { Probe } from '../../lib/types';

/** Whether a probe measures what it is told. */
export const STATES: Record<Probe['state'], { word: string; means: string }> = {
  applied: { word: 'applied', means: 'It measures what it is told.' },
  pending: {
    word: 'not yet',
    means: 'It has asked, and does not measure what it is told yet: within a minute, or its log says why.',
  },
  never: { word: 'never asked', means: 'It is told something and has not asked yet: start it with config-from-node.' },
  own: { word: 'its own settings', means: 'It is told nothing here and measures by its own settings.' },
};
