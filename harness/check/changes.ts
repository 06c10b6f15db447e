/**
 * Waiting for a condition on something that changes now and then, within a limit.
 *
 * Owns the waiting; whoever changes something announces it.
 */
export class Changes {
  readonly #checks = new Set<() => void>();

  /** Looks again at every condition that is waited for. */
  announce(): void {
    for (const check of this.#checks) check();
  }

  /**
   * Waits until a condition holds.
   *
   * @param limitMs how long at most
   * @returns whether it came to hold in time
   * @throws when the signal is aborted
   */
  until(condition: () => boolean, limitMs: number, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#checks.delete(check);
        signal.removeEventListener('abort', abort);
        settle();
      };
      const check = (): void => {
        if (condition()) finish(() => resolve(true));
      };
      const abort = (): void => finish(() => reject(new Error('interrupted', { cause: signal.reason })));
      const timer = setTimeout(() => finish(() => resolve(condition())), limitMs);
      this.#checks.add(check);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
