/**
 * Judges attempts in a thread of its own, one after another.
 *
 * Owns the thread: begun at the first question, kept for the next ones, never what keeps the process alive while there
 * are none, and replaced if it dies. What is asked there is `judge-thread.ts`.
 */
import { Worker } from 'node:worker_threads';

import type { Verdict } from '../evidence/verdict.ts';

export interface Question {
  readonly number: number;
  /** The attempt's folder. */
  readonly folder: string;
}

export type Answer =
  | { readonly number: number; readonly verdict: Verdict }
  | { readonly number: number; readonly error: unknown };

/** The thread ended with a question open: its memory was not enough, say. */
export class JudgeEnded extends Error {
  override readonly name = 'JudgeEnded';
  readonly code = 'judge-crashed';
}

const JUDGE = new URL('judge-thread.ts', import.meta.url);

/** A thread that is asked for verdicts. */
export class JudgeThread {
  readonly #worker: Worker;
  readonly #open = new Map<number, PromiseWithResolvers<Verdict>>();
  #asked = 0;
  #ended = false;

  /** @param program what the thread runs: it answers each `Question` with an `Answer` */
  constructor(program: URL = JUDGE) {
    this.#worker = new Worker(program);
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (status) => this.#end(new Error(`the thread ended with status ${status}`)));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** @throws {JudgeEnded} where the thread ends first */
  ask(folder: string): Promise<Verdict> {
    this.#asked += 1;
    const answer = Promise.withResolvers<Verdict>();
    this.#open.set(this.#asked, answer);
    this.#worker.ref();
    this.#worker.postMessage({ number: this.#asked, folder } satisfies Question);
    return answer.promise;
  }

  #answered(answer: Answer): void {
    const open = this.#open.get(answer.number);
    this.#open.delete(answer.number);
    if (this.#open.size === 0) this.#worker.unref();
    if ('verdict' in answer) open?.resolve(answer.verdict);
    else open?.reject(answer.error);
  }

  #end(cause: unknown): void {
    this.#ended = true;
    const message = `the judge ended before its verdict: ${cause instanceof Error ? cause.message : String(cause)}`;
    for (const open of this.#open.values()) open.reject(new JudgeEnded(message, { cause }));
    this.#open.clear();
  }
}

let thread: JudgeThread | null = null;

/**
 * Judges the attempt in a folder.
 *
 * @throws {EvidenceError} where there is no usable plan
 * @throws {JudgeEnded} where the thread died; the next call has a new one
 */
export function judgeAside(folder: string): Promise<Verdict> {
  if (thread === null || thread.ended) thread = new JudgeThread();
  return thread.ask(folder);
}
