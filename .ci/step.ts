/**
 * One step of preparing a machine: what it is for, how to see that it is done, how to do it.
 * Owns the skipping, the timing and the message of a failure; what the steps do is their own files' matter.
 */
import { ProcessOutput } from 'zx';

export type Step = {
  readonly name: string;
  /** True when there is nothing left to do. Must not change the machine. */
  readonly present: () => Promise<boolean>;
  readonly make: () => Promise<void>;
  /** What a person should do when `make` fails. */
  readonly remedy: string;
};

/** A step that failed: its message says what was tried, what came back, and what to do. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly code = 'step-failed';
}

const SHOWN_LINES = 15;

/**
 * Runs one step unless it is done already, and prints one line about it.
 * @throws {StepError} when the step fails, or when it ends without having had its effect.
 */
export async function runStep(step: Step, print: (line: string) => void = console.log): Promise<void> {
  if (await step.present()) return print(`· ${step.name}: there already`);
  const startedAt = performance.now();
  try {
    await step.make();
  } catch (cause) {
    throw new StepError(`${step.name} failed: ${lastLines(cause)}\nWhat to do: ${step.remedy}`, { cause });
  }
  if (!(await step.present())) {
    throw new StepError(`${step.name} ran without an error and is still missing.\nWhat to do: ${step.remedy}`);
  }
  print(`✓ ${step.name} (${seconds(performance.now() - startedAt)})`);
}

/** What all steps of a fresh machine may take. */
const MOST_MS = 300_000;

/** The last line about a machine that is ready. A slow network makes no failure; it is told. */
export function totalLine(tookMs: number): string {
  const late = tookMs > MOST_MS ? `: more than the ${MOST_MS / 1000} s that a fresh machine may take` : '';
  return `prepared in ${seconds(tookMs)}${late}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function lastLines(cause: unknown): string {
  if (!(cause instanceof ProcessOutput)) return String(cause);
  const text = (cause.stderr + cause.stdout).trim().split('\n').slice(-SHOWN_LINES);
  return [`exit status ${cause.exitCode}`, ...text].join('\n  ');
}
