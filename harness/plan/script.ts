/**
 * Turns a script's words ("message 1 up to its second byte") into the bytes that the peer sends.
 *
 * Owns the messages a peer originates and the sizes of those it waits for; nothing is drawn.
 */
import { HEADER_BYTES, TRAILER_BYTES, wireBytes } from '../contract/framing.ts';
import { payload, payloadKey } from '../contract/payload.ts';
import type { PayloadShape } from '../contract/payload.ts';
import type { Params } from '../contract/params.ts';
import type { Role, Workload } from '../contract/words.ts';
import type { Fault, ScriptFault } from '../scenario/fault.ts';
import type { PlannedStep, Step } from '../scenario/script.ts';
import { shapeOf } from './place.ts';

/** The script travels in one variable of the environment, which Linux bounds at 128 KiB (execve(2), MAX_ARG_STRLEN). */
const MAX_SCRIPT_BYTES = 120_000;

type ScenarioScript = Extract<Fault, { kind: 'script' }>;
type StepOf<Name extends Step['do']> = Extract<Step, { do: Name }>;

/** What the messages of a script depend on. */
interface Casting {
  readonly workload: Workload;
  readonly params: Params;
  readonly role: Role;
  /** The connection whose payloads a client originates; null: the script is for several. */
  readonly conn: number | null;
}

/**
 * The planned faults that a script becomes: a client's is one for each connection, as each has payloads of its own.
 *
 * @throws {RangeError} for a step that makes no sense in the workload, or a script that is too long
 */
export function resolveScript(fault: ScenarioScript, workload: Workload, params: Params): Omit<ScriptFault, 'id'>[] {
  const { role } = fault;
  const all = Array.from({ length: params.connections }, (_, index) => index + 1);
  const each = role === 'client' ? (fault.connections ?? all).map((conn) => [conn]) : [fault.connections];
  return each.map((connections) => {
    const casting = { workload, params, role, conn: connections?.length === 1 ? (connections[0] ?? null) : null };
    const { connections: _, steps, ...rest } = fault;
    const planned = { ...rest, steps: steps.flatMap((step) => resolveStep(step, casting)) };
    if (JSON.stringify(planned.steps).length > MAX_SCRIPT_BYTES) {
      throw new RangeError(`a script of more than ${MAX_SCRIPT_BYTES} bytes cannot be handed to the peer`);
    }
    return connections === undefined ? planned : { ...planned, connections };
  });
}

function resolveStep(step: Step, casting: Casting): PlannedStep[] {
  switch (step.do) {
    case 'send':
      return [{ do: 'send', base64: rawBytes(step).toString('base64'), times: step.times, tells: null }];
    case 'payload':
      return foreignMessage(step, casting);
    case 'message':
      return [ownMessages(step, casting)];
    case 'take':
      return takes(step, casting);
    case 'reply':
      return [{ ...step, to: step.to ?? null }];
    case 'take-end':
    case 'pause':
    case 'end':
    case 'reset':
    case 'close':
      return [step];
  }
}

/** Bytes to be sent once or more often. */
function rawBytes({ text = '', hex = '' }: { text?: string | undefined; hex?: string | undefined }): Buffer {
  return Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(hex, 'hex')]);
}

/** Header, payload and trailer are handed over one after the other: the payload may be too long to be planned as bytes. */
function foreignMessage(step: StepOf<'payload'>, { workload, params, role }: Casting): PlannedStep[] {
  const shape = shapeOf(workload, params, role === 'client' ? 'upstream' : 'downstream');
  const once = rawBytes(step);
  const body = Buffer.alloc(once.length * step.times, once);
  const wire = framed(shape, step.seq, body);
  const header = HEADER_BYTES[shape.framing];
  const plain = (bytes: Buffer): PlannedStep[] =>
    bytes.length === 0 ? [] : [{ do: 'send', base64: bytes.toString('base64'), times: 1, tells: null }];
  const told = { seq: step.seq, count: 1, header: 0, trailer: 0 };
  return [
    ...plain(wire.subarray(0, header)),
    { do: 'send', base64: once.toString('base64'), times: step.times, tells: told },
    ...plain(wire.subarray(header + body.length)),
  ];
}

function ownMessages({ seq, count, from, to }: StepOf<'message'>, casting: Casting): PlannedStep {
  const shape = shapeOf(casting.workload, casting.params, casting.role === 'client' ? 'upstream' : 'downstream');
  const key = payloadKey(casting.params.seed, originOf(casting));
  const wire = Buffer.concat(
    Array.from({ length: count }, (_, index) => framed(shape, seq + index, payload(shape, key, seq + index))),
  );
  if (wire.length !== wireBytes(shape, seq) * count) {
    throw new RangeError('messages of different sizes cannot be sent in one step');
  }
  const isWhole = from === 0 && (to === undefined || to >= wire.length);
  return {
    do: 'send',
    base64: wire.subarray(from, to).toString('base64'),
    times: 1,
    tells: isWhole ? { seq, count, ...around(shape) } : null,
  };
}

function around({ framing }: PayloadShape): { header: number; trailer: number } {
  return { header: HEADER_BYTES[framing], trailer: TRAILER_BYTES[framing] };
}

/** Whose messages the role originates: a server's own only in `download`; elsewhere it answers, which `reply` does. */
function originOf({ role, workload, conn }: Casting): number | 'server' {
  if (role === 'server') {
    if (workload === 'download') return 'server';
    throw new RangeError(`a server originates no message in ${workload}: it has "reply"`);
  }
  if (conn === null) throw new RangeError('a client has messages of its own on each connection');
  return conn;
}

/** Heartbeats are not counted, as they are no messages. */
function takes({ seq, count }: StepOf<'take'>, { workload, params, role }: Casting): PlannedStep[] {
  const shape = shapeOf(workload, params, role === 'client' ? 'downstream' : 'upstream');
  return Array.from({ length: count }, (_, index) => ({
    do: 'take',
    bytes: wireBytes(shape, seq + index),
    ...around(shape),
  }));
}

/** A message with its header and trailer: CONTRACT, Framing. */
function framed({ framing }: PayloadShape, seq: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES[framing]);
  if (framing === 'prefix32') header.writeUInt32BE(body.length);
  if (framing === 'ascii5') header.write(String(body.length).padStart(HEADER_BYTES.ascii5, '0'), 'ascii');
  if (framing === 'typed') header.writeUInt8((seq % 3) + 1);
  return Buffer.concat(framing === 'delimited' ? [body, Buffer.from('\n')] : [header, body]);
}
