import { Refused } from './api';
import { here } from './here.svelte';

/** What became of the last thing that was ordered at a place, in words. */
export class Order {
  said = $state('');
  isUnderWay = $state(false);

  /** @param then says what was done; the page looks again */
  async give<T>(todo: () => Promise<T>, then: (done: T) => string): Promise<boolean> {
    this.isUnderWay = true;
    try {
      this.said = then(await todo());
      here.lookAgainSoon();
      return true;
    } catch (refused) {
      this.said = refused instanceof Refused ? `${refused.title}. ${refused.detail}` : String(refused);
      return false;
    } finally {
      this.isUnderWay = false;
    }
  }
}
