/**
 * The block at the foot of a terminal while a run goes on: how far it is, and what each cell is at.
 *
 * Owns the terminal's last lines; whoever prints clears it first and draws it again.
 */
import { monotonicMs } from '../run/clock.ts';
import type { Result } from '../evidence/run.ts';
import type { AttemptView } from '../run/onlooker.ts';
import type { Style } from './style.ts';

const REDRAW_MS = 100;
/** What a case takes beside the waits of its plan, until some have shown it. */
const FIRST_GUESS_MS = 300;
const ERASE_BELOW = '\u001b[J';
const LEAST_COLUMNS = 20;
/** So much of a scenario's name and of a phase is shown, where the terminal is that wide at all. */
const LEAST_NAME = 24;
const LEAST_PHASE = 12;

/** What is to be shown of a job. */
export interface ShownJob {
  readonly plan: Pick<Result, 'scenario' | 'server' | 'client' | 'cell' | 'proxy' | 'waitsMs'>;
  readonly excused: Pick<Result, 'verdict' | 'reason'> | null;
}

interface Running {
  readonly cell: number;
  readonly startedMs: number;
  look: (() => AttemptView) | null;
}

export class LiveBlock {
  readonly #stream: NodeJS.WriteStream;
  readonly #style: Style;
  readonly #cells: number;
  readonly #startedMs = monotonicMs();
  readonly #running = new Map<ShownJob, Running>();
  readonly #left: Set<ShownJob>;
  readonly #total: number;
  #spent = { jobs: 0, besideWaitsMs: 0 };
  #drawnLines = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(stream: NodeJS.WriteStream, style: Style, run: { jobs: readonly ShownJob[]; cells: number }) {
    this.#stream = stream;
    this.#style = style;
    this.#cells = run.cells;
    this.#left = new Set(run.jobs.filter(({ excused }) => excused === null));
    this.#total = this.#left.size;
  }

  started(job: ShownJob, cell: number): void {
    this.#running.set(job, { cell, startedMs: monotonicMs(), look: null });
  }

  attempt(job: ShownJob, look: () => AttemptView): void {
    const running = this.#running.get(job);
    if (running !== undefined) running.look = look;
  }

  ended(job: ShownJob, tookMs: number): void {
    this.#running.delete(job);
    this.#left.delete(job);
    this.#spent = {
      jobs: this.#spent.jobs + 1,
      besideWaitsMs: this.#spent.besideWaitsMs + Math.max(0, tookMs - job.plan.waitsMs),
    };
  }

  /** Draws it, and again ten times a second until it is cleared. */
  draw(): void {
    this.#erase();
    const lines = this.#lines();
    this.#drawnLines = lines.length;
    this.#stream.write(lines.map((line) => `${line}\n`).join(''));
    this.#timer ??= setInterval(() => this.draw(), REDRAW_MS).unref();
  }

  /** Takes it off the terminal, so that lines can be printed. */
  clear(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#erase();
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#stream.write(`\u001b[${this.#drawnLines}A\r${ERASE_BELOW}`);
    this.#drawnLines = 0;
  }

  #lines(): string[] {
    const nowMs = monotonicMs();
    const columns = Math.max(LEAST_COLUMNS, this.#stream.columns || 80) - 1;
    const rows = Math.max(2, (this.#stream.rows || 24) - 2);
    const cells = [...this.#running].toSorted(([, a], [, b]) => a.cell - b.cell).slice(0, rows - 1);
    const done = this.#total - this.#left.size;
    const left = this.#left.size === 0 ? '' : `  about ${seconds(this.#remainingMs(nowMs))} left`;
    const head = `${done}/${this.#total}  ${seconds(nowMs - this.#startedMs)}${left}`;
    return [
      this.#style.paint('bold', cut(head, columns)),
      ...cells.map(([job, running]) => this.#style.paint('dim', cellLine(job, running, nowMs, columns))),
    ];
  }

  /** The waits that are still to come are planned; what comes on top is as it was so far. */
  #remainingMs(nowMs: number): number {
    const { jobs, besideWaitsMs } = this.#spent;
    const besideMs = jobs === 0 ? FIRST_GUESS_MS : besideWaitsMs / jobs;
    let totalMs = 0;
    for (const job of this.#left) {
      const running = this.#running.get(job);
      const goneMs = running === undefined ? 0 : nowMs - running.startedMs;
      totalMs += Math.max(0, job.plan.waitsMs + besideMs - goneMs);
    }
    return totalMs / Math.max(1, Math.min(this.#cells, this.#left.size));
  }
}

function cellLine({ plan }: ShownJob, { cell, startedMs, look }: Running, nowMs: number, columns: number): string {
  const view = look?.() ?? { phase: 'starting', faults: [] };
  const faults = view.faults.length === 0 ? '' : ` · ${[...new Set(view.faults)].join(', ')} in force`;
  const lead = `  ${cell}  ${seconds(nowMs - startedMs).padStart(6)}  `;
  const told = { phase: `${view.phase}${faults}`, pair: `${plan.client}→${plan.server}`, scenario: plan.scenario };
  return cut(`${lead}${fitted(told, columns - lead.length)}`, columns);
}

/**
 * Phase, pair and scenario in so many columns: of the scenario enough stays to be known by, what stands before its slash
 * goes first, then the end of the longer ones, then the pair.
 */
export function fitted(told: { phase: string; pair: string; scenario: string }, columns: number): string {
  const { phase, pair, scenario } = told;
  const claim = scenario.slice(scenario.lastIndexOf('/') + 1);
  const roomFor = (...others: string[]): number => columns - others.reduce((sum, { length }) => sum + length + 2, 0);
  const whole = [scenario, claim].find(({ length }) => length <= roomFor(phase, pair));
  if (whole !== undefined) return [phase, pair, whole].join('  ');
  const name = cut(claim, Math.max(LEAST_NAME, roomFor(phase, pair)));
  const room = roomFor(pair, name);
  if (room >= LEAST_PHASE) return [cut(phase, room), pair, name].join('  ');
  return [cut(phase, Math.max(LEAST_PHASE, roomFor(name))), name].join('  ');
}

/** A line that wraps could not be erased. */
function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
