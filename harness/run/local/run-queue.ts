/**
 * How long a process was kept from running although it was ready to: the kernel's own count, thread by thread
 * (`/proc/<pid>/task/<tid>/schedstat`, Documentation/scheduler/sched-stats.rst in Linux).
 *
 * Owns the open files: a sample is one call a thread, cheap enough to take many times a second.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** New threads are looked for this often, in samples. */
const LIST_EVERY = 8;
/** Three numbers of up to 20 digits, and what is between them. */
const LINE_BYTES = 96;

interface Task {
  readonly file: number;
  waitedNs: number;
}

export class RunQueueMeter {
  readonly #pid: number;
  readonly #tasks = new Map<string, Task>();
  readonly #line = Buffer.alloc(LINE_BYTES);
  #endedNs = 0;
  #samples = 0;
  #closed = false;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Milliseconds waited so far, by threads that have ended too; `null` where the kernel does not tell. Never throws. */
  waitedMs(): number | null {
    if (this.#closed) return null;
    if (this.#samples % LIST_EVERY === 0) this.#list();
    this.#samples += 1;
    for (const [name, task] of this.#tasks) this.#read(name, task);
    if (this.#tasks.size === 0) return null;
    const runningNs = [...this.#tasks.values()].reduce((sum, { waitedNs }) => sum + waitedNs, 0);
    return (this.#endedNs + runningNs) / 1e6;
  }

  close(): void {
    this.#closed = true;
    for (const { file } of this.#tasks.values()) closeSync(file);
    this.#tasks.clear();
  }

  #list(): void {
    try {
      for (const name of readdirSync(`/proc/${this.#pid}/task`)) {
        if (this.#tasks.has(name)) continue;
        this.#tasks.set(name, { file: openSync(`/proc/${this.#pid}/task/${name}/schedstat`, 'r'), waitedNs: 0 });
      }
    } catch {
      // The process, or the thread, is gone or never was; what was opened before tells the rest.
    }
  }

  #read(name: string, task: Task): void {
    try {
      const bytes = readSync(task.file, this.#line, 0, LINE_BYTES, 0);
      // Nanoseconds on a core, nanoseconds waiting for one, time slices.
      task.waitedNs = Number(this.#line.toString('latin1', 0, bytes).split(' ')[1]);
    } catch {
      closeSync(task.file);
      this.#endedNs += task.waitedNs;
      this.#tasks.delete(name);
    }
  }
}
