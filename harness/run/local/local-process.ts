/**
 * A subject as a child process of the harness.
 *
 * Owns starting it detached, so that Ctrl-C reaches only the harness, and the faults that are signals. The mark in its
 * environment tells what it started from all else, also once that has a session of its own (`sweep.ts`); what has lost the
 * mark is told by its group (`process-group.ts`).
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Role } from '../../contract/words.ts';
import type { Delivery, Exit, Subject, SubjectProcess } from '../cell.ts';
import { SubjectUnstartable } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { endMembers, hasMembers } from './process-group.ts';
import { processState } from './process-state.ts';
import { RunQueueMeter } from './run-queue.ts';
import { endMarked, PROCESS_VARIABLE } from './sweep.ts';

/** A stop signal takes effect within a scheduling round; this long means that it never will. */
const STATE_LIMIT_MS = 1_000;
/** What a process printed before it ended is read in no time; what comes later is not its own. */
const OUTPUT_LIMIT_MS = 500;

/**
 * Starts a subject.
 *
 * @param environment variables beside those of the harness; a mark of its own is added where `PROCESS_VARIABLE` has none
 * @throws {SubjectUnstartable} when the command cannot be run at all
 */
export async function startLocalProcess(
  role: Role,
  subject: Subject,
  environment: Readonly<Record<string, string>>,
): Promise<SubjectProcess> {
  const [program = '', ...args] = subject.command;
  const mark = environment[PROCESS_VARIABLE] ?? randomUUID();
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, [PROCESS_VARIABLE]: mark },
  });
  let isLeftInGroup = false;
  child.once('exit', () => {
    isLeftInGroup = child.pid !== undefined && hasMembers(child.pid);
  });
  const endLeftBehind = async (): Promise<number[]> => {
    const found = await endMarked(PROCESS_VARIABLE, mark, child.pid);
    const others = isLeftInGroup && child.pid !== undefined ? await endMembers(child.pid) : [];
    return [...new Set([...found, ...others])];
  };
  // Registered before the first wait: a process can end before it is known to have started.
  const ending = endingOf(child, endLeftBehind);
  await started(child, program);
  child.stdin.on('error', () => {
    // The subject closed its standard input or is gone; its exit is recorded, and nothing is written to it.
  });
  return { ...describe(child, role, ending), endLeftBehind };
}

function started(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new SubjectUnstartable(`${program} could not be started: ${error.message}`, { cause: error })),
    );
  });
}

/** How a process ends: when the kernel said so, and how once all it printed has been read. */
interface Ending {
  readonly ended: Promise<{ exit: Exit; atMs: number }>;
  readonly exited: Promise<Exit>;
}

/** A descendant that outlives the process may hold its output open; it is ended, and its output with it. */
function endingOf(child: ChildProcess, endLeftBehind: () => Promise<number[]>): Ending {
  const ended = new Promise<{ exit: Exit; atMs: number }>((resolve) => {
    child.once('exit', (status, signal) => resolve({ exit: { status, signal, leftBehind: [] }, atMs: monotonicMs() }));
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exited = ended.then(async ({ exit }) => {
    const ending: Promise<number[]>[] = [];
    const late = setTimeout(() => {
      ending.push(endLeftBehind());
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, OUTPUT_LIMIT_MS);
    await closed;
    clearTimeout(late);
    return { ...exit, leftBehind: (await Promise.all(ending)).flat() };
  });
  return { ended, exited };
}

function describe(child: ChildProcess, role: Role, ending: Ending): Omit<SubjectProcess, 'endLeftBehind'> {
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || stdin === null || stdout === null || stderr === null) {
    throw new SubjectUnstartable(`${child.spawnfile} has no process`);
  }
  const meter = new RunQueueMeter(pid);
  void ending.exited.then(() => meter.close());
  return {
    role,
    pid,
    stdout,
    stderr,
    exited: ending.exited,
    waitedMs: () => meter.waitedMs(),
    endInput: () => stdin.end(),
    freeze: () => freeze(pid),
    thaw: () => thaw(pid),
    kill: () => kill(pid, ending.ended),
  };
}

async function freeze(pid: number): Promise<Delivery> {
  const earliestMs = monotonicMs();
  process.kill(-pid, 'SIGSTOP');
  await untilState(pid, (state) => state === 'T');
  return { earliestMs, latestMs: monotonicMs(), grade: 'kernel', proof: `process ${pid} is in state T (stopped)` };
}

async function thaw(pid: number): Promise<void> {
  try {
    process.kill(-pid, 'SIGCONT');
  } catch (error) {
    // A process that has ended needs no thaw.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await untilState(pid, (state) => state !== 'T');
}

async function kill(pid: number, ended: Ending['ended']): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  const { exit, atMs } = await ended;
  if (exit.signal !== 'SIGKILL') return null;
  return { earliestMs, latestMs: atMs, grade: 'kernel', proof: `process ${pid} ended by SIGKILL` };
}

/** Polls, for want of an event: the kernel tells no one but a tracer that a process has stopped. */
async function untilState(pid: number, wanted: (state: string | null) => boolean): Promise<void> {
  const limitMs = monotonicMs() + STATE_LIMIT_MS;
  for (;;) {
    const state = await processState(pid);
    if (wanted(state)) return;
    if (monotonicMs() > limitMs) throw new Error(`process ${pid} stayed in state ${state ?? 'gone'} after a signal`);
    await delay(1);
  }
}
