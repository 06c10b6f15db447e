/**
 * A subject in a warm container: the image's own command once more, with standard input attached.
 *
 * Owns the process's start and end; the faults on it are `container-faults.ts`. Its input ends with the harness's
 * connection to the engine, so that a killed harness leaves no subject at work.
 */
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import type { Role } from '../../contract/words.ts';
import type { Delivery, Exit, OnContainer, SubjectProcess } from '../cell.ts';
import { SubjectUnstartable } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { RunQueueMeter } from '../local/run-queue.ts';
import { endMarked, PROCESS_VARIABLE } from '../local/sweep.ts';
import { messageOf, RunError } from '../run-error.ts';
import { canSignal, freezerOf, killContainer, killProcess, stateOf } from './container-faults.ts';
import type { Freezer } from './container-faults.ts';
import { asExit } from './container-exit.ts';
import { answered, engineError, statusOf } from './engine.ts';
import type { Container } from './engine.ts';
import { unstartable } from './not-run.ts';
import { isOwnProcess } from './own-process.ts';

type Exec = Awaited<ReturnType<Container['exec']>>;

/** The engine learns of a start and of an exit within a few ms; this long means that it never will. */
const NOTICE_LIMIT_MS = 5_000;
/** Of a kill for want of memory it learns at about the time when it learns of the end. */
const CAUSE_LIMIT_MS = 500;

/** The clause that an image breaks whose container does not stay. */
export const NOT_WAITING =
  'ended before there was work: without HALFOPEN_ROLE a subject does nothing and waits for the end of its input (docs/contract.md, Input)';

/** Where a subject runs. */
export interface Place {
  readonly container: Container;
  readonly role: Role;
  /** Told when the container is about to be killed, and has to be put back. */
  readonly onKill: () => void;
  readonly onContainer: OnContainer;
  /** Kills the process that carries a mark, where signals of this machine do not reach it. */
  readonly killMarked: (mark: string) => Promise<boolean>;
}

/**
 * Starts a subject in a container.
 *
 * @throws {SubjectUnstartable} when the container cannot run the command
 * @throws {RunError} `cell-not-started` when the engine does not do its part
 */
export async function startInContainer(
  place: Place,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<SubjectProcess> {
  const { container, role } = place;
  const freezer = freezerOf(container, role, place.onContainer);
  const mark = environment[PROCESS_VARIABLE] ?? randomUUID();
  const exec = await createExec(container, command, { ...environment, [PROCESS_VARIABLE]: mark });
  const stream = await startExec(exec, command);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  container.modem.demuxStream(stream, stdout, stderr);
  const ended = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => {
      // The connection to the engine is gone; `close` follows, and the exit is then asked for.
    });
  });
  let killAsked = false;
  const exited = ended.then(async () => {
    stdout.end();
    stderr.end();
    const exit = await exitOf(exec);
    return exit.signal === 'SIGKILL' && !killAsked ? killedByKernel(exit, place) : exit;
  });
  exited.catch(() => {
    // Whoever follows the process is told; until then nobody may be listening.
  });
  const pid = await ownPid(exec, container.id).catch((error: unknown) => {
    stream.destroy();
    throw error;
  });
  const meter = pid === null ? null : new RunQueueMeter(pid);
  void ended.then(() => meter?.close());
  return {
    role,
    pid,
    stdout,
    stderr,
    exited,
    waitedMs: () => meter?.waitedMs() ?? null,
    endInput: () => stream.end(),
    freeze: () => freezer.freeze(),
    thaw: () => freezer.thaw(),
    kill: () => {
      killAsked = true;
      return endingWith(stream, () =>
        pid !== null && canSignal(pid)
          ? killProcess({ pid, containerId: container.id }, freezer, exited)
          : killBeside(place, mark, freezer, exited),
      );
    },
    killContainer: () => {
      killAsked = true;
      return endingWith(stream, () => killWith(place, exited));
    },
    // Another user's processes do not show their marks: those go with their container, at the latest when the run ends. A
    // process that was over before its number could be read may have left something behind as well.
    endLeftBehind: () => endMarked(PROCESS_VARIABLE, mark, pid ?? undefined),
  };
}

/**
 * Whether a process that nobody here killed was killed for want of memory. The engine says so of the container as long as
 * that lives, which therefore makes room for another.
 */
async function killedByKernel(exit: Exit, { container, onKill }: Place): Promise<Exit> {
  const limitMs = monotonicMs() + CAUSE_LIMIT_MS;
  for (;;) {
    const state = await stateOf(container);
    if (state?.OOMKilled === true) break;
    if (state?.Running !== true || monotonicMs() > limitMs) return exit;
    await delay(10);
  }
  onKill();
  await answered('a container that ran out of memory was to be removed', container.remove({ force: true, v: true }));
  return { ...exit, outOfMemory: true };
}

/** From inside its namespace. A frozen process dies of it once it is thawed. */
async function killBeside(
  { killMarked }: Place,
  mark: string,
  freezer: Freezer,
  exited: Promise<Exit>,
): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  const found = await killMarked(mark);
  await freezer.thaw();
  const { signal } = await exited;
  if (!found || signal !== 'SIGKILL') return null;
  const proof = 'a helper in its namespace killed the process, and the engine says that it ended by SIGKILL';
  return { earliestMs, latestMs: monotonicMs(), grade: 'engine', proof };
}

/** A container that was killed takes the process with it: its end is awaited, so that nothing it said is lost. */
async function killWith(
  { container, role, onKill, onContainer }: Place,
  exited: Promise<Exit>,
): Promise<Delivery | null> {
  onKill();
  const delivery = await killContainer(container);
  if (delivery !== null) onContainer(role, 'killed');
  await exited;
  return delivery;
}

/** An engine that is stuck never ends the stream of what was killed. */
async function endingWith<Value>(stream: Duplex, work: () => Promise<Value>): Promise<Value> {
  const late = setTimeout(() => stream.destroy(), NOTICE_LIMIT_MS);
  try {
    return await work();
  } finally {
    clearTimeout(late);
  }
}

async function createExec(
  container: Container,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Exec> {
  if (command.length === 0) throw new SubjectUnstartable('its image has neither an entry point nor a command');
  const made = container.exec({
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Cmd: [...command],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  });
  try {
    return await answered(`${command.join(' ')} was to be started in a container`, made);
  } catch (error) {
    const { Running, ExitCode } = (await container.inspect()).State;
    if (Running) throw error;
    throw new SubjectUnstartable(`its container ${NOT_WAITING} (status ${ExitCode})`, { cause: error });
  }
}

async function startExec(exec: Exec, command: readonly string[]) {
  try {
    return await exec.start({ hijack: true, stdin: true });
  } catch (error) {
    const attempted = `${command.join(' ')} could not be started in its container`;
    throw (
      unstartable(new Error(`${attempted}: ${messageOf(error)}`, { cause: error })) ?? engineError(attempted, error)
    );
  }
}

/**
 * The engine learns of the exit just after the streams have closed.
 *
 * @throws {RunError} `engine-lost` where nobody can tell how the process ended
 */
async function exitOf(exec: Exec): Promise<Exit> {
  const limitMs = monotonicMs() + NOTICE_LIMIT_MS;
  for (;;) {
    const found = await inspected(exec);
    // With its container a process is gone as by a kill.
    if (found === null) return { status: null, signal: 'SIGKILL' };
    if (!found.Running && found.ExitCode !== null) return asExit(found.ExitCode);
    if (monotonicMs() > limitMs) throw lost('its output has ended and the engine says that it still runs');
    await delay(2);
  }
}

/** `null`: there is no such exec any more. */
async function inspected(exec: Exec): Promise<Awaited<ReturnType<Exec['inspect']>> | null> {
  const found = exec.inspect().catch((error: unknown) => {
    if (statusOf(error) === 404) return null;
    throw error;
  });
  try {
    return await answered('it was asked about a process', found);
  } catch (error) {
    throw lost(messageOf(error), error);
  }
}

function lost(problem: string, cause?: unknown): RunError {
  const remedy = 'see that the engine runs, then run again: the next start removes what is left';
  return new RunError('engine-lost', `the engine cannot tell how a subject ended: ${problem}`, remedy, cause);
}

/** The process's number on this machine; `null` where the engine is elsewhere, or its processes are not ours to see. */
async function ownPid(exec: Exec, containerId: string): Promise<number | null> {
  const limitMs = monotonicMs() + NOTICE_LIMIT_MS;
  for (;;) {
    const found = await inspected(exec);
    if (found === null) return null;
    const { Pid, ExitCode } = found;
    // The engine answers a start before it has the number, and before it says that anything runs.
    if (Pid === 0 && ExitCode === null && monotonicMs() < limitMs) {
      await delay(1);
      continue;
    }
    return (await isOwnProcess(Pid, containerId)) ? Pid : null;
  }
}
