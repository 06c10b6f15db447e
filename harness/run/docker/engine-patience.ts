/**
 * How long the engine is waited for: every call to it has a deadline, and an engine that has gone silent is waited for no
 * longer.
 *
 * Owns the one place that all calls pass, testcontainers' among them, so that none can be made without a deadline. A stream
 * that is meant to stay open has none; it breaks off when the engine is found silent.
 */
import type { Duplex } from 'node:stream';

import { RunError } from '../run-error.ts';
import type { Engine } from './engine.ts';

/** Within this an engine answers whatever it is asked here, also one that is busy; compose and builds have limits of their own. */
export const ANSWER_LIMIT_MS = 20_000;
/** Once it has failed to, what is left is tidying up, and nobody waits that long for each step of it. */
const LATER_LIMIT_MS = 3_000;
const SILENT_LIMIT_MS = 500;
/** It answers "are you there?" within ms. Counted in ticks, so that a harness that did not run itself blames nobody. */
const TICK_MS = 2_000;
const SILENT_TICKS = 5;
/** These answer when something else is done: a container's end, a build, a pull. */
const IN_ITS_OWN_TIME = /\/(?:wait|build|images\/create)(?:\?|$)/;
export const STUCK =
  'the engine has stopped or is stuck: start it again; the next run removes what this one left on it';

/** An engine that does not answer, or is not there any more. */
export class EngineSilent extends RunError {
  constructor(problem: string, cause?: unknown) {
    super('engine-lost', problem, STUCK, cause);
  }
}

/** What is known of one engine by how it is reached. */
interface Patience {
  /** For the next call. */
  limitMs: number;
  /** Ends a call that is under way. */
  readonly pending: Set<(error: EngineSilent) => void>;
  readonly streams: Set<Duplex>;
  readonly silence: AbortController;
}

/** The part of the client library that every call passes. */
interface Modem {
  dial(call: Call, done: Done): void;
}

interface Call {
  readonly path: string;
  readonly method: string;
  readonly hijack?: boolean;
  readonly abortSignal?: AbortSignal;
}

type Done = (error: unknown, value: unknown) => void;

const KNOWN = new WeakMap<Modem, Patience>();

/** Gives every call of this engine a deadline, from now on. */
export function limitPatience(engine: Engine): void {
  patienceOf(engine.modem);
}

/**
 * Asks the engine now and then whether it is there.
 *
 * @returns aborted, with the reason, once it is not, or a call had no answer: nothing more is begun on it then
 */
export function watchSilence(engine: Engine): Disposable & { readonly silence: AbortSignal } {
  const patience = patienceOf(engine.modem);
  let unanswered = 0;
  const ticks = setInterval(() => {
    unanswered += 1;
    if (unanswered === 1) void engine.ping().then(answer, answer);
    else if (unanswered > SILENT_TICKS) fallSilent(patience);
  }, TICK_MS);
  const answer = (): void => {
    unanswered = 0;
  };
  ticks.unref();
  return { silence: patience.silence.signal, [Symbol.dispose]: () => clearInterval(ticks) };
}

function patienceOf(modem: Modem): Patience {
  const known = KNOWN.get(modem);
  if (known !== undefined) return known;
  const patience: Patience = {
    limitMs: ANSWER_LIMIT_MS,
    pending: new Set(),
    streams: new Set(),
    silence: new AbortController(),
  };
  KNOWN.set(modem, patience);
  const dial = modem.dial.bind(modem);
  modem.dial = (call, done) => dialWithin(patience, dial, call, done);
  return patience;
}

function dialWithin(patience: Patience, dial: Modem['dial'], call: Call, done: Done): void {
  const stop = new AbortController();
  const { limitMs } = patience;
  const settle = (error: unknown, value: unknown): void => {
    if (!patience.pending.delete(giveUp)) return;
    clearTimeout(late);
    done(error, value);
  };
  const giveUp = (error: EngineSilent): void => {
    settle(error, null);
    stop.abort();
  };
  const isPatient = IN_ITS_OWN_TIME.test(call.path) && limitMs === ANSWER_LIMIT_MS;
  const late = isPatient ? undefined : setTimeout(() => giveUp(noAnswer(patience, call, limitMs)), limitMs);
  patience.pending.add(giveUp);
  const signals = [stop.signal, call.abortSignal].filter((signal) => signal !== undefined);
  dial({ ...call, abortSignal: AbortSignal.any(signals) }, (error, value) => {
    if (call.hijack === true && isDuplex(value)) keep(patience, value);
    settle(isGone(error) ? new EngineSilent(error.message, error) : error, value);
  });
}

/** What a call comes to where nobody listens any more, or a connection to the engine broke. */
const GONE: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT', 'EPIPE', 'ECONNRESET']);

function isGone(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && GONE.has(error.code);
}

function noAnswer(patience: Patience, { method, path }: Call, limitMs: number): EngineSilent {
  patience.limitMs = Math.min(patience.limitMs, LATER_LIMIT_MS);
  patience.silence.abort(new EngineSilent(`no answer within ${limitMs} ms to ${method} ${path.split('?')[0]}`));
  // The first call that had none is the reason for what follows.
  return patience.silence.signal.reason as EngineSilent;
}

function fallSilent(patience: Patience): void {
  if (patience.limitMs === SILENT_LIMIT_MS) return;
  const error = new EngineSilent(`the engine has not answered anything for ${(SILENT_TICKS * TICK_MS) / 1000} s`);
  patience.limitMs = SILENT_LIMIT_MS;
  patience.silence.abort(error);
  for (const giveUp of patience.pending) giveUp(error);
  for (const stream of patience.streams) stream.destroy();
}

function keep({ streams }: Patience, stream: Duplex): void {
  streams.add(stream);
  stream.once('close', () => streams.delete(stream));
}

function isDuplex(value: unknown): value is Duplex {
  return typeof value === 'object' && value !== null && 'destroy' in value && 'once' in value;
}
