/**
 * Renders the cases of a long run in threads of their own.
 *
 * Owns the threads; what a case looks like is `render.ts`, which knows nothing of them.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import type { Case } from './cases.ts';
import type { CaseRenderer, RenderedCase } from './render.ts';

/** A thread takes about as long to start as this many cases to render. */
const WORTH_THREADS = 60;
const MOST_THREADS = 4;
/** Rendering makes much that is soon thrown away: with room for it, a thread collects it far less often. */
const YOUNG_GENERATION_MIB = 64;

/** What a thread is told once, and then for each case. */
export interface ThreadSetting {
  readonly runFolder: string;
  readonly seed: string;
}
export interface CaseQuestion {
  readonly number: number;
  readonly each: Case;
}
export type CaseAnswer =
  | { readonly number: number; readonly rendered: RenderedCase }
  | { readonly number: number; readonly problem: Error };

/** How many threads so many cases are worth; 0: render them here. */
export function threadsFor(cases: number): number {
  const cores = availableParallelism();
  return cases < WORTH_THREADS || cores < 2 ? 0 : Math.min(cores, MOST_THREADS);
}

interface Waiting {
  readonly resolve: (rendered: RenderedCase) => void;
  readonly reject: (problem: Error) => void;
}

/** Threads that render cases, each the next one that is asked for. */
export class CaseThreads implements AsyncDisposable {
  readonly #threads: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(setting: ThreadSetting, count: number) {
    const program = new URL('case-thread.ts', import.meta.url);
    this.#threads = Array.from({ length: count }, () => {
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB };
      const thread = new Worker(program, { workerData: setting, resourceLimits });
      thread.on('message', (answer: CaseAnswer) => this.#take(answer));
      thread.on('error', (problem: Error) => this.#fail(problem));
      return thread;
    });
  }

  readonly render: CaseRenderer = (each) => {
    const number = (this.#asked += 1);
    const { promise, resolve, reject } = Promise.withResolvers<RenderedCase>();
    this.#waiting.set(number, { resolve, reject });
    const question: CaseQuestion = { number, each };
    this.#threads[number % this.#threads.length]?.postMessage(question);
    return promise;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #take(answer: CaseAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ('problem' in answer) waiting?.reject(answer.problem);
    else waiting?.resolve(answer.rendered);
  }

  /** A thread that ended by an error takes what it was asked with it. */
  #fail(problem: Error): void {
    for (const { reject } of this.#waiting.values()) reject(problem);
    this.#waiting.clear();
  }
}
