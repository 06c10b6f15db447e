/**
 * What the Docker cells of one run have in common: engine, images, guard, and the removal of all of it.
 *
 * Owns the run's name on the engine. Everything that carries it is gone when this is disposed, whatever happened before.
 */
import { randomBytes } from 'node:crypto';

import type { Cell } from '../cell.ts';
import { demandComposeFile } from './compose-file.ts';
import { openDockerCell } from './docker-cell.ts';
import { engineError, openEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { isAtSocket } from './engine-answer.ts';
import { watchSilence } from './engine-patience.ts';
import { startGuard } from './guard.ts';
import type { Guard } from './guard.ts';
import { Images, WIRE_IMAGE } from './images.ts';
import { isOwnNetwork } from './own-network.ts';
import { startReaper } from './reaper.ts';
import { removeRun, sweepDocker } from './sweep.ts';
import type { Swept } from './sweep.ts';

const NEVER = new AbortController().signal;
const FIRST_SUBJECT = 'halfopen/node-subject:dev';

export class DockerRun implements AsyncDisposable {
  readonly name: string;
  /** What killed runs had left, now removed. */
  readonly swept: Swept;
  readonly #engine: Engine;
  readonly #images: Images;
  readonly #guard: AsyncDisposable;
  readonly #isHere: boolean;
  readonly #firstImage: string;
  readonly #signal: AbortSignal;
  readonly #watch: Disposable;
  #opened = 0;

  private constructor(
    engine: Engine,
    images: Images,
    started: {
      name: string;
      guard: AsyncDisposable;
      isHere: boolean;
      swept: Swept;
      firstImage: string;
      signal: AbortSignal;
      watch: Disposable;
    },
  ) {
    this.#engine = engine;
    this.#images = images;
    this.name = started.name;
    this.swept = started.swept;
    this.#guard = started.guard;
    this.#isHere = started.isHere;
    this.#firstImage = started.firstImage;
    this.#signal = started.signal;
    this.#watch = started.watch;
  }

  /**
   * Finds the engine, removes what killed runs left, and starts this run's guard.
   *
   * @param signal aborting it ends whatever is being brought up, now or later
   * @param firstImage of the subjects that the cells begin with
   * @throws {RunError} `cell-not-started`
   */
  static async begin(signal: AbortSignal = NEVER, firstImage: string = FIRST_SUBJECT): Promise<DockerRun> {
    const [engine] = await Promise.all([openEngine(signal), demandComposeFile(signal)]);
    using begun = new DisposableStack();
    const { silence } = begun.use(watchSilence(engine));
    const stop = AbortSignal.any([signal, silence]);
    const images = new Images(engine, stop);
    const [wire, swept] = await Promise.all([
      images.get(WIRE_IMAGE),
      sweep(engine),
      images.get(firstImage),
      startReaper(engine, stop),
    ]);
    stop.throwIfAborted();
    const name = randomBytes(5).toString('hex');
    const guard = await startGuard(engine, name, wire.id);
    const isHere = await isEngineHere(guard);
    const guarded = AbortSignal.any([stop, guard.lost]);
    return new DockerRun(engine, images, {
      name,
      guard,
      isHere,
      swept,
      firstImage,
      signal: guarded,
      watch: begun.move(),
    });
  }

  /** The id of every image that was used so far, by name. */
  images(): Promise<Record<string, string>> {
    return this.#images.digests();
  }

  /** Opens a cell; its containers are named after the run and a number that is never used twice. */
  async openCell(): Promise<Cell> {
    this.#opened += 1;
    const name = `halfopen-${this.name}-${this.#opened}`;
    const [wire, subject] = await Promise.all([this.#images.get(WIRE_IMAGE), this.#images.get(this.#firstImage)]);
    const first = { server: subject, client: subject, wire: wire.id };
    const setting = { engine: this.#engine, isHere: this.#isHere, images: this.#images, run: this.name, first };
    return openDockerCell(setting, name, this.#signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await removeRun(this.#engine, this.name);
      // What the engine was still making for a killed run, as the first sweep came, is there by now.
      if (this.swept.runs.length > 0) await sweep(this.#engine);
    } catch (error) {
      throw engineError('what this run made could not be removed', error);
    } finally {
      await this.#guard[Symbol.asyncDispose]();
      this.#watch[Symbol.dispose]();
    }
  }
}

/** In a container no process of the engine's is seen, and its ports may be ours all the same. */
async function isEngineHere(guard: Guard): Promise<boolean> {
  if (!isAtSocket()) return false;
  // Where that cannot be found out it is taken to be elsewhere: what is said then is what fails next.
  return guard.isHere || isOwnNetwork().catch(() => false);
}

async function sweep(engine: Engine): Promise<Swept> {
  try {
    return await sweepDocker(engine);
  } catch (error) {
    throw engineError('what killed runs left could not be removed', error);
  }
}
