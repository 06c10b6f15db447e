/**
 * One plain subject at work: its command with the address put in, and everything it starts.
 *
 * Owns its start, its log and its end with all its descendants. What its output or its exit mean is judged elsewhere.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { askedImage } from '../../contract/image.ts';
import { isImage, placed } from '../../contract/plain-subject.ts';
import type { PlainClient, PlainServer } from '../../contract/plain-subject.ts';
import type { Role } from '../../contract/words.ts';
import { watchScheduling } from '../canary.ts';
import type { Cell, Exit, Subject, SubjectProcess } from '../cell.ts';
import { SubjectUnstartable } from '../cell.ts';
import { endMarked, findMarked, PROCESS_VARIABLE } from '../local/sweep.ts';
import { keepLog, recordedExit } from '../output.ts';
import type { Recorder } from '../recorder.ts';

/** Where a program is told to go, or to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What to start, and as what. */
export interface PlainStart {
  readonly role: Role;
  readonly name: string;
  readonly program: Exclude<PlainServer, { address: string }> | PlainClient;
  readonly address: Address;
  /** File name of its standard error. */
  readonly log: string;
}

export class PlainProgram {
  readonly process: SubjectProcess;
  /** Its exit is on record when this resolves, and its output has been read. */
  readonly ended: Promise<Exit>;
  readonly #mark: string;
  readonly #role: Role;
  readonly #recorder: Recorder;

  private constructor(started: SubjectProcess, mark: string, log: Promise<void>, recorder: Recorder) {
    const { role } = started;
    this.process = started;
    this.#mark = mark;
    this.#role = role;
    this.#recorder = recorder;
    const watch = watchScheduling(
      () => started.waitedMs(),
      (lateMs) => recorder.record({ kind: 'stalled', process: role, lateMs }),
    );
    this.ended = started.exited.then(async (exit) => {
      watch[Symbol.dispose]();
      await log;
      recorder.record({ kind: 'exited', role, ...recordedExit(exit) });
      return exit;
    });
  }

  /** Starts a program; `null` where its command can't be started, which is then on record. */
  static async start(cell: Cell, what: PlainStart, recorder: Recorder): Promise<PlainProgram | null> {
    const { role, address, program } = what;
    const put = (text: string): string => placed(text, address.host, address.port);
    const own = Object.entries(program.environment).map(([key, value]) => [key, put(value)] as const);
    const subject = subjectOf(what, put);
    const mark = randomUUID();
    try {
      const environment = { ...Object.fromEntries(own), [PROCESS_VARIABLE]: mark };
      const started = await cell.start(role, subject, environment, recorder.onContainer);
      recorder.record({ kind: 'spawned', role, pid: started.pid, command: [...subject.command] });
      return new PlainProgram(started, mark, keepLog(started.stderr, join(recorder.folder, what.log)), recorder);
    } catch (error) {
      if (!(error instanceof SubjectUnstartable)) throw error;
      recorder.record({ kind: 'unstartable', role, problem: error.message });
      return null;
    }
  }

  /** The processes that it is made of: itself and what it started. Empty where the system does not tell. */
  family(): Promise<number[]> {
    return findMarked(PROCESS_VARIABLE, this.#mark);
  }

  /** Records which descendants are still there after its exit, and ends them. */
  async endOrphans(exit: Exit): Promise<void> {
    const { endLeftBehind = () => endMarked(PROCESS_VARIABLE, this.#mark) } = this.process;
    const pids = [...new Set([...(exit.leftBehind ?? []), ...(await endLeftBehind())])];
    if (pids.length > 0) this.#recorder.record({ kind: 'left-behind', role: this.#role, pids });
  }

  /** Ends it with all it started. */
  async kill(why: 'overdue' | 'cleanup'): Promise<void> {
    this.#recorder.record({ kind: 'signalled', role: this.#role, signal: 'SIGKILL', why });
    await this.process.kill();
    await endMarked(PROCESS_VARIABLE, this.#mark);
    await this.ended;
  }
}

function subjectOf({ name, program }: PlainStart, put: (text: string) => string): Subject {
  const command = (program.command ?? []).map(put);
  if (!isImage(program)) return { name, command };
  const { user, resources, writable } = program;
  const box = {
    writable,
    ...(user === undefined ? {} : { user }),
    ...(resources === undefined ? {} : { resources }),
  };
  return { name, command, ...askedImage(name, program), box };
}
