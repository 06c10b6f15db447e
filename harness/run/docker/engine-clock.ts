/**
 * How the clock of the engine's machine stands to this one's: CLOCK_MONOTONIC there against CLOCK_MONOTONIC here.
 *
 * Owns the measuring: the quickest of several questions to a process there bounds the error by half of its round trip.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';

import { monotonicMicros } from '../clock.ts';
import type { ClockReading } from '../cell.ts';
import { engineError } from './engine.ts';
import type { Container } from './engine.ts';

const QUESTIONS = 12;
const ANSWER_MS = 5_000;
/** Answers each line with the time. */
const CLOCK = `
require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
  console.log(String(process.hrtime.bigint() / 1000n));
});
`;

/** One question and its answer, in microseconds: when it was asked and answered here, and what it said. */
export interface Question {
  readonly askedMicros: number;
  readonly saidMicros: number;
  readonly answeredMicros: number;
}

/** What questions tell: the quickest one's answer was given at some instant of its round trip. Pure. */
export function clockFrom(questions: readonly Question[]): ClockReading {
  const [best] = questions.toSorted((one, other) => roundTrip(one) - roundTrip(other));
  if (best === undefined) throw new Error('nobody was asked for the time');
  const halfMicros = roundTrip(best) / 2;
  return { aheadMicros: Math.round(best.saidMicros - best.askedMicros - halfMicros), errorMs: halfMicros / 1000 };
}

function roundTrip({ askedMicros, answeredMicros }: Question): number {
  return answeredMicros - askedMicros;
}

/**
 * Asks a container that has Node. All containers of an engine have its machine's clock.
 *
 * @throws {RunError} where it does not answer
 */
export async function readEngineClock(container: Container): Promise<ClockReading> {
  try {
    return await asked(container);
  } catch (error) {
    throw engineError("the clock of the engine's machine could not be read", error);
  }
}

async function asked(container: Container): Promise<ClockReading> {
  const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const exec = await container.exec({ ...attach, Cmd: ['node', '-e', CLOCK] });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  container.modem.demuxStream(stream, stdout, new PassThrough().resume());
  const lines = createInterface({ input: stdout });
  try {
    const questions: Question[] = [];
    // The first one waits for the process to start.
    for (let number = 0; number <= QUESTIONS; number += 1) {
      const askedMicros = monotonicMicros();
      stream.write('?\n');
      const [said] = (await once(lines, 'line', { signal: AbortSignal.timeout(ANSWER_MS) })) as [string];
      questions.push({ askedMicros, saidMicros: Number(said), answeredMicros: monotonicMicros() });
    }
    return clockFrom(questions.slice(1));
  } finally {
    stream.destroy();
  }
}
