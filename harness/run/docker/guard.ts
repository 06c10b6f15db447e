/**
 * A run's guard: a container that lives on the harness's standard input, so that it ends when the harness does, however
 * that came about. Where a run has no living guard, nor a harness known to live, what carries its label is nobody's.
 */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { engineError } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { isOwnProcess } from './own-process.ts';
import { runLabels } from './owner.ts';

/** Carried by the guard alone, with the run's name. */
export const GUARD_LABEL = 'dev.halfopen.guard';
/** Carried by the guard: the number of the process that it guards, for whoever finds it in `docker ps`. */
export const HARNESS_LABEL = 'dev.halfopen.harness';
const END_LIMIT_MS = 10_000;
const GUARD_MEMORY_BYTES = 128 * 1024 * 1024;

export interface Guard extends AsyncDisposable {
  /** Aborted, with the reason, where the guard has ended before the run and no other can be had: any sweep may then clear the run away. */
  readonly lost: AbortSignal;
  /** Whether its process was found on this machine. */
  readonly isHere: boolean;
}

/**
 * Guards a run from now on; a guard that ends before the run does, as by somebody's hand, is followed by another. Disposing
 * ends its input, and with that the guard.
 *
 * @param image one that has Node: the wire proxy's
 * @throws {RunError} `cell-not-started`
 */
export async function startGuard(engine: Engine, run: string, image: string): Promise<Guard> {
  const lost = new AbortController();
  let isOver = false;
  const first = await makeGuard(engine, run, image);
  let guard = Promise.resolve(first);
  const follow = async (): Promise<void> => {
    for (;;) {
      await (
        await guard
      ).ended;
      if (isOver) return;
      guard = makeGuard(engine, run, image);
    }
  };
  follow().catch((error: unknown) => lost.abort(error));
  return {
    lost: lost.signal,
    isHere: first.isHere,
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      const last = await guard.catch(() => null);
      await last?.[Symbol.asyncDispose]();
    },
  };
}

/** One container at work. */
interface Kept extends AsyncDisposable {
  /** Resolves with it, whatever ended it. */
  readonly ended: Promise<unknown>;
  readonly isHere: boolean;
}

async function makeGuard(engine: Engine, run: string, image: string): Promise<Kept> {
  try {
    const container = await engine.createContainer({
      Image: image,
      Entrypoint: ['node', '--eval', 'process.stdin.resume()'],
      Cmd: [],
      Labels: {
        ...(await runLabels(run)),
        [GUARD_LABEL]: run,
        [HARNESS_LABEL]: String(process.pid),
      },
      OpenStdin: true,
      // The engine ends the guard's input when the harness's connection is gone.
      StdinOnce: true,
      AttachStdin: true,
      NetworkDisabled: true,
      HostConfig: {
        AutoRemove: true,
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        PidsLimit: 64,
        Memory: GUARD_MEMORY_BYTES,
        LogConfig: { Type: 'none', Config: {} },
      },
    });
    return await started(container);
  } catch (error) {
    throw engineError('the guard of this run could not be started', error);
  }
}

/** One that could not be started would not go by itself either. */
async function started(container: Container): Promise<Kept> {
  let input: Duplex | null = null;
  try {
    const attached = (await container.attach({ stream: true, stdin: true, hijack: true })) as Duplex;
    input = attached;
    attached.on('error', () => {
      // The engine is gone, and the guard with it; whoever uses the engine next says so.
    });
    // The engine's answer to a wait never comes where the engine goes; the connection then closes.
    const closed = once(attached.resume(), 'close').catch(() => null);
    await container.start();
    const ended = Promise.race([closed, container.wait({ condition: 'removed' }).catch(() => null)]);
    const { Pid } = (await container.inspect()).State;
    const isHere = await isOwnProcess(Pid, container.id);
    return { ended, isHere, [Symbol.asyncDispose]: () => endOf(container, attached) };
  } catch (error) {
    // Left open it would keep the command from ending.
    input?.destroy();
    await container.remove({ force: true }).catch(() => {
      // The engine that could not start it is what is told of.
    });
    throw error;
  }
}

/** Its end is awaited only as long as an engine that lives takes; it ends by itself in any case. */
async function endOf(container: Container, input: Duplex): Promise<void> {
  const removed = container.wait({ condition: 'removed' }).catch(() => null);
  input.end();
  await Promise.race([removed, delay(END_LIMIT_MS, null, { ref: false })]);
  input.destroy();
}
