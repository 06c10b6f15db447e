/**
 * The clauses that hold for everything a subject prints and for every end of its process, whatever the exercise.
 *
 * Owns those clauses; each is a pure look at one transcript, and one that is broken anywhere is missed.
 */
import type { SubjectEvent } from '../contract/event.ts';
import type { Workload } from '../contract/words.ts';
import { WORKLOADS } from '../contract/words.ts';
import type { Miss, Passage } from './clause.ts';
import { WIND_DOWN_MS } from './limits.ts';
import { orderBreaches } from './order.ts';
import type { BreachKind } from './order.ts';
import { ending, eventsOf, isUnsupported, summary } from './transcript.ts';
import type { Transcript } from './transcript.ts';

/** A line that arrives this much later than others after being stamped was kept in a buffer. */
const FLUSH_MS = 500;

export interface Rule {
  readonly id: string;
  readonly text: string;
  readonly passage: Passage;
  examine(transcript: Transcript): Miss | null;
}

export const RULES: readonly Rule[] = [
  {
    id: 'output/lines',
    text: 'Standard output carries one JSON object a line and nothing else',
    passage: 'Output: events',
    examine: ({ lines }) => {
      const garbage = lines.find((line) => !line.isObject);
      return garbage === undefined ? null : { expected: 'a JSON object', actual: `it printed: ${garbage.text}` };
    },
  },
  {
    id: 'output/events',
    text: "Each line is one of the contract's events, with the keys and values it has",
    passage: 'Output: events',
    examine: ({ lines }) => {
      const wrong = lines.find((line) => !line.reading.ok && line.isObject);
      if (wrong === undefined || wrong.reading.ok) return null;
      return { expected: "an event of the contract's table", actual: `${wrong.reading.problem}, in: ${wrong.text}` };
    },
  },
  {
    id: 'output/bounded',
    text: 'A subject prints its events and no flood',
    passage: 'Output: events',
    examine: (transcript) =>
      transcript.flooded
        ? {
            expected: 'some hundred lines at most',
            actual: `it printed on and on and was killed; the first: ${transcript.lines[0]?.text ?? 'one endless line'}`,
          }
        : null,
  },
  {
    id: 'output/order',
    text: 'Events of a connection come in an order that a connection can take',
    passage: 'Output: events',
    examine: (run) => breach(run, 'order'),
  },
  {
    id: 'output/failures',
    text: 'A connection has at most one "failed", then "closed"; its end at a boundary is told once',
    passage: 'Output: events',
    examine: (run) => breach(run, 'failures'),
  },
  {
    id: 'output/numbers',
    text: '"conn" counts connections from 1, "seq" counts messages from 0',
    passage: 'Output: events',
    examine: (run) => breach(run, 'numbers'),
  },
  { id: 'output/clock', text: '"at" never goes back', passage: 'Output: events', examine: clockMiss },
  { id: 'output/flush', text: 'Each line is flushed at once', passage: 'Output: events', examine: flushMiss },
  {
    id: 'end/status',
    text: 'The exit status is 0 once the role has ended and said what happened',
    passage: 'Input',
    examine: statusMiss,
  },
  {
    id: 'end/in-time',
    text: 'The process ends within two seconds after its standard input, and a grace',
    passage: 'Input',
    examine: overdueMiss,
  },
  {
    id: 'end/not-before',
    text: 'A subject does not exit before its standard input ends',
    passage: 'Input',
    examine: earlyMiss,
  },
];

function breach(transcript: Transcript, kind: BreachKind): Miss | null {
  const { role, lines } = transcript;
  // What can't be read may be the very event that is missing: that line is told of by another rule.
  if (role === null || transcript.flooded || lines.some(({ reading }) => !reading.ok)) return null;
  const workload = WORKLOADS.find((each: Workload) => each === transcript.environment['HALFOPEN_WORKLOAD']) ?? null;
  const events: SubjectEvent[] = eventsOf(transcript).map(({ event }) => event);
  const ended = transcript.exit?.status === 0 && !transcript.overdue;
  return orderBreaches(role, workload, events, ended).find((each) => each.kind === kind) ?? null;
}

function clockMiss(transcript: Transcript): Miss | null {
  let last = -Infinity;
  for (const { event } of eventsOf(transcript)) {
    if (event.at === undefined) continue;
    if (event.at < last)
      return { expected: `an "at" of ${last} or later`, actual: `it printed ${JSON.stringify(event)}` };
    last = event.at;
  }
  return null;
}

/** The least difference between stamp and arrival is the way of a line that was flushed at once. */
function flushMiss(transcript: Transcript): Miss | null {
  if (transcript.flooded || clockMiss(transcript) !== null) return null;
  const delays = eventsOf(transcript).flatMap(({ event, arrivedMs }) =>
    event.at === undefined ? [] : [{ event, delayMs: arrivedMs - event.at / 1000 }],
  );
  const least = delays.reduce((low, { delayMs }) => Math.min(low, delayMs), Infinity);
  const kept = delays.find(({ delayMs }) => delayMs - least > FLUSH_MS + transcript.stalledMs);
  if (kept === undefined) return null;
  return {
    expected: 'each line as soon as its event happened',
    actual: `"${kept.event.event}" came ${Math.round(kept.delayMs - least)} ms after its own "at"`,
  };
}

function statusMiss(transcript: Transcript): Miss | null {
  const { exit, overdue, flooded } = transcript;
  if (overdue || flooded || exit === null || exit.status === 0 || isUnsupported(transcript)) return null;
  return { expected: 'exit status 0', actual: `${ending(transcript)}; ${summary(transcript)}` };
}

function overdueMiss(transcript: Transcript): Miss | null {
  if (!transcript.overdue) return null;
  return {
    expected: `an end of the process within ${WIND_DOWN_MS} ms after the end of its standard input`,
    actual: `it was still running and was killed; ${summary(transcript)}`,
  };
}

function earlyMiss(transcript: Transcript): Miss | null {
  const { exitedMs, inputEndedMs, exit, flooded } = transcript;
  if (exitedMs === null || exit?.status !== 0 || flooded) return null;
  if (inputEndedMs !== null && exitedMs >= inputEndedMs) return null;
  // A server that could not listen exits at once: CONTRACT, Input.
  if (eventsOf(transcript).some(({ event }) => event.event === 'failed' && event.op === 'listen')) return null;
  return {
    expected: 'that it waits for the end of its standard input',
    actual: `it exited before; ${summary(transcript)}`,
  };
}
