/**
 * Whose turn it is to change what has a name: for each name one after the other, in the order in which they came.
 *
 * Owns the waiting alone. What is done in a turn is the caller's affair, and it must not wait for a turn of the same name.
 */
export class Turns {
  /** The latest turn of each name that has one. */
  readonly #latest = new Map<string, Promise<void>>();

  /** The names that somebody is changing or waits to change. */
  get names(): readonly string[] {
    return [...this.#latest.keys()];
  }

  /** Does `work` once everything that came before it under one of these names is done, however it ended. */
  take<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const before = names.map((name) => this.#latest.get(name)).filter((turn) => turn !== undefined);
    const result = Promise.all(before).then(work);
    const over: Promise<void> = result.then(
      () => this.#forget(names, over),
      () => this.#forget(names, over),
    );
    for (const name of names) this.#latest.set(name, over);
    return result;
  }

  #forget(names: readonly string[], turn: Promise<void>): void {
    for (const name of names) if (this.#latest.get(name) === turn) this.#latest.delete(name);
  }
}
