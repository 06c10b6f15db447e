/**
 * A subject in a warm container: the image's own command once more, with standard input attached.
 *
 * Owns the process and the faults on it: pausing its container, and killing it. Its input ends with the harness's
 * connection to the engine, so that a killed harness leaves no subject at work.
 */
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import type { Role } from '../../contract/words.ts';
import type { Delivery, Exit, SubjectProcess } from '../cell.ts';
import { SubjectUnstartable } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { RunQueueMeter } from '../local/run-queue.ts';
import { messageOf } from '../run-error.ts';
import { statusOf } from './engine.ts';
import type { Container } from './engine.ts';

type Exec = Awaited<ReturnType<Container['exec']>>;

/** The engine freezes and thaws within a few ms; this long means that it never will. */
const PAUSE_LIMIT_MS = 5_000;
/** Statuses above this are signals, as shells and the engine write them. */
const SIGNAL_BASE = 128;
const NOT_RUN = /OCI runtime exec failed|executable file not found|no such file or directory/;

/**
 * Starts a subject in a container.
 *
 * @throws {SubjectUnstartable} when the container cannot run the command
 */
export async function startInContainer(
  container: Container,
  role: Role,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<SubjectProcess> {
  const exec = await container.exec({
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Cmd: [...command],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  });
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
  const exited = ended.then(async () => {
    stdout.end();
    stderr.end();
    return exitOf(exec);
  });
  const pid = await ownPid(exec, container.id);
  const meter = pid === null ? null : new RunQueueMeter(pid);
  void exited.then(() => meter?.close());
  return {
    role,
    pid,
    stdout,
    stderr,
    exited,
    waitedMs: () => meter?.waitedMs() ?? null,
    endInput: () => stream.end(),
    freeze: () => freeze(container),
    thaw: () => thaw(container),
    kill: () => (pid === null ? killContainer(container, exited) : killProcess(pid, container, exited)),
  };
}

async function startExec(exec: Exec, command: readonly string[]) {
  try {
    return await exec.start({ hijack: true, stdin: true });
  } catch (error) {
    const problem = `${command.join(' ')} could not be started in its container: ${messageOf(error)}`;
    throw NOT_RUN.test(problem) ? new SubjectUnstartable(problem, { cause: error }) : error;
  }
}

/** The engine learns of the exit just after the streams have closed. */
async function exitOf(exec: Exec): Promise<Exit> {
  for (;;) {
    const found = await exec.inspect().catch(() => null);
    // Without its container, or its engine, a process is gone as by a kill.
    if (found === null) return { status: null, signal: 'SIGKILL' };
    if (!found.Running && found.ExitCode !== null) return asExit(found.ExitCode);
    await delay(2);
  }
}

function asExit(code: number): Exit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - SIGNAL_BASE)?.[0];
  return signal === undefined ? { status: code, signal: null } : { status: null, signal };
}

/** The process's number on this machine; `null` where the engine is elsewhere, or its processes are not ours to see. */
async function ownPid(exec: Exec, containerId: string): Promise<number | null> {
  for (;;) {
    const { Pid, Running } = await exec.inspect();
    // The engine answers a start before it has the number.
    if (Pid === 0 && Running) continue;
    const groups = await readFile(`/proc/${Pid}/cgroup`, 'latin1').catch(() => '');
    return groups.includes(containerId) ? Pid : null;
  }
}

/** `docker pause` answers before the container is frozen: what counts is what inspecting it says afterwards. */
async function freeze(container: Container): Promise<Delivery> {
  const earliestMs = monotonicMs();
  await container.pause();
  await untilPaused(container, true);
  const proof = `the engine says that container ${container.id.slice(0, 12)} is paused`;
  return { earliestMs, latestMs: monotonicMs(), grade: 'engine', proof };
}

async function thaw(container: Container): Promise<void> {
  await untilPaused(container, false, async () => {
    await container.unpause().catch((error: unknown) => {
      // Not paused, or gone: what inspecting it says counts here too.
      if (statusOf(error) !== 409 && statusOf(error) !== 404 && statusOf(error) !== 500) throw error;
    });
  });
}

/** Polls, trying again each time: neither the engine's answer to a pause nor to an unpause is the last word. */
async function untilPaused(container: Container, wanted: boolean, attempt?: () => Promise<void>): Promise<void> {
  const limitMs = monotonicMs() + PAUSE_LIMIT_MS;
  for (;;) {
    await attempt?.();
    const state = await container.inspect().then(
      ({ State }) => State,
      () => null,
    );
    if (state === null || state.Paused === wanted) return;
    if (monotonicMs() > limitMs)
      throw new Error(`container ${container.id.slice(0, 12)} did not become ${wanted ? 'paused' : 'unpaused'}`);
    await delay(2);
  }
}

async function killProcess(pid: number, container: Container, exited: Promise<Exit>): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    // Another user's process is out of reach for whoever is not root.
    if (code === 'EPERM') return killContainer(container, exited);
    if (code !== 'ESRCH') throw error;
  }
  const exit = await exited;
  if (exit.signal !== 'SIGKILL') return null;
  return {
    earliestMs,
    latestMs: monotonicMs(),
    grade: 'engine',
    proof: `process ${pid} of the container ended by SIGKILL`,
  };
}

/** Where the process is out of reach its whole container is killed; the cell is rebuilt after that. */
async function killContainer(container: Container, exited: Promise<Exit>): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  const found = await container.kill({ signal: 'SIGKILL' }).then(
    () => true,
    (error: unknown) => {
      if (statusOf(error) !== 409 && statusOf(error) !== 404) throw error;
      return false;
    },
  );
  await exited;
  if (!found) return null;
  const proof = `the engine says that container ${container.id.slice(0, 12)} was killed`;
  return { earliestMs, latestMs: monotonicMs(), grade: 'engine', proof };
}
