import { Refused } from './api';
import { session } from './session.svelte';

/** What is known of a question: the last answer stays while it is asked again, and while it fails. */
export class Answer<T> {
  value = $state.raw<T>();
  failure = $state.raw<Refused>();
  isAsking = $state(true);
}

/**
 * Asks when the component is there, and again whenever what `question` reads changes; an answer that is no longer wanted is
 * given up. To be called while a component is made.
 */
export function answer<T>(question: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const answer = new Answer<T>();
  $effect(() => {
    const giveUp = new AbortController();
    answer.isAsking = true;
    question(giveUp.signal).then(
      (value) => {
        if (!giveUp.signal.aborted) {
          answer.value = value;
          answer.failure = undefined;
          answer.isAsking = false;
        }
      },
      (failure: unknown) => {
        if (!giveUp.signal.aborted) {
          answer.failure = refused(failure);
          answer.isAsking = false;
        }
      },
    );
    return () => giveUp.abort();
  });
  return answer;
}

function refused(failure: unknown): Refused {
  if (!(failure instanceof Refused)) {
    return new Refused(0, 'This page cannot show it', String(failure));
  }
  if (failure.isSignedOut) {
    session.ended();
  }
  return failure;
}
