/**
 * What a peer does that no correct program would: cut, overlong, malformed and wrong messages, ends and resets.
 *
 * A table: the peer's one deed, and the one failure it must be told as.
 */
import type { ParamsInput } from '../../contract/params.ts';
import type { FailureCode, Framing, Operation, Role, Workload } from '../../contract/words.ts';
import { demand } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { failureMiss } from '../failures.ts';
import type { PeerSocket } from '../peer/peer-socket.ts';
import { firstMessage } from '../peer/server-part.ts';
import { encode, prefix32 } from '../peer/wire-form.ts';
import type { Stage } from '../stage.ts';

/** Greatest message in these exchanges. */
const MAX_BYTES = 256;
const MESSAGE_BYTES = 64;

interface Breakage {
  readonly id: string;
  readonly text: string;
  readonly roles: readonly Role[];
  readonly workload: Workload;
  readonly framing: Framing;
  readonly params?: ParamsInput;
  readonly codes: readonly FailureCode[];
  /** Absent: `recv`; empty: any. */
  readonly ops?: readonly Operation[];
  /** Whole messages that come before it, or are it. */
  readonly received?: number;
  /** The peer's deed; where the subject is a client, once its first message is there. */
  readonly deed: (peer: PeerSocket, exchange: Exchange) => void;
}

const BOTH = ['server', 'client'] as const;

/** The message that would be due at this place. */
function due(exchange: Exchange): Buffer {
  return encode(exchange.framing, exchange.echo(1, 0));
}

function cutBefore(framing: Framing, where: string, bytes: (whole: Buffer) => number): Breakage {
  return {
    id: `truncated/${framing}${where === '' ? '' : `-${where}`}`,
    text: `a stream that ends inside a message${where === '' ? '' : `'s ${where}`} in framing ${framing} is "truncated", and nothing of it is "received"`,
    roles: BOTH,
    workload: 'echo',
    framing,
    codes: ['truncated'],
    deed: (peer, exchange) => {
      const whole = due(exchange);
      peer.write(whole.subarray(0, bytes(whole)));
      peer.end();
    },
  };
}

function tooLarge(framing: Framing, announce: () => Buffer): Breakage {
  return {
    id: `too-large/${framing}`,
    text: `a message over maxMessageBytes in framing ${framing} is "too-large" before the rest is waited for`,
    roles: BOTH,
    workload: 'echo',
    framing,
    codes: ['too-large'],
    deed: (peer) => peer.write(announce()),
  };
}

function malformed(framing: Framing, id: string, what: string, bytes: Buffer): Breakage {
  return {
    id: `malformed/${id}`,
    text: `${what} is "malformed"`,
    roles: BOTH,
    workload: 'echo',
    framing,
    codes: ['malformed'],
    deed: (peer) => peer.write(bytes),
  };
}

const BREAKAGES: readonly Breakage[] = [
  cutBefore('prefix32', 'header', () => 2),
  cutBefore('prefix32', '', (whole) => whole.length - 1),
  cutBefore('fixed', '', (whole) => whole.length - 1),
  cutBefore('delimited', '', (whole) => whole.length - 1),
  cutBefore('ascii5', '', (whole) => whole.length - 1),
  cutBefore('typed', '', (whole) => whole.length - 1),
  tooLarge('prefix32', () => prefix32(MAX_BYTES + 1)),
  tooLarge('ascii5', () => Buffer.from(String(MAX_BYTES + 1).padStart(5, '0'), 'ascii')),
  tooLarge('typed', () => Buffer.from([3])),
  tooLarge('delimited', () => Buffer.alloc(MAX_BYTES + 1, 'a')),
  tooLarge('until-end', () => Buffer.alloc(MAX_BYTES + 1, 'a')),
  malformed('ascii5', 'letters', 'a length of letters in framing ascii5', Buffer.from('abcde', 'ascii')),
  malformed('ascii5', 'padding', 'a length padded with a space in framing ascii5', Buffer.from(' 0064', 'ascii')),
  malformed('typed', 'type', 'an unknown type in framing typed', Buffer.from([9])),
  {
    id: 'closed/reply',
    text: 'an end of the stream at a boundary where a reply is due is "closed", and no "eof"',
    roles: ['client'],
    workload: 'echo',
    framing: 'prefix32',
    codes: ['closed'],
    deed: (peer) => peer.end(),
  },
  {
    id: 'closed/download',
    text: 'a download of fewer messages than asked for is "closed"',
    roles: ['client'],
    workload: 'download',
    framing: 'prefix32',
    params: { messages: 2 },
    codes: ['closed'],
    received: 1,
    deed: (peer, exchange) => {
      peer.write(encode(exchange.framing, exchange.original('server', 0)));
      peer.end();
    },
  },
  {
    id: 'closed/upload',
    text: 'an empty stream where the upload or its reply is due is "closed"',
    roles: BOTH,
    workload: 'upload',
    framing: 'until-end',
    codes: ['closed'],
    deed: (peer) => peer.end(),
  },
  {
    id: 'mismatch/echo',
    text: 'an echo with other bytes is "received", then "mismatch"',
    roles: ['client'],
    workload: 'echo',
    framing: 'prefix32',
    codes: ['mismatch'],
    received: 1,
    // Its own bytes come back: the mistake that complementing them is there to show.
    deed: (peer, exchange) => peer.write(encode(exchange.framing, exchange.original(1, 0))),
  },
  {
    id: 'mismatch/download',
    text: 'a download of other content is "received", then "mismatch"',
    roles: ['client'],
    workload: 'download',
    framing: 'prefix32',
    codes: ['mismatch'],
    received: 1,
    deed: (peer, exchange) => peer.write(encode(exchange.framing, exchange.original(1, 0))),
  },
  {
    id: 'mismatch/upload',
    text: 'an answer to the upload that is not its digest is "received", then "mismatch"',
    roles: ['client'],
    workload: 'upload',
    framing: 'until-end',
    codes: ['mismatch'],
    received: 1,
    deed: (peer) => {
      peer.write(Buffer.alloc(64, 'f'));
      peer.end();
    },
  },
  {
    id: 'mismatch/surplus',
    text: 'a message after the last one due is "received", then "mismatch"',
    roles: ['client'],
    workload: 'echo',
    framing: 'prefix32',
    codes: ['mismatch'],
    received: 2,
    deed: (peer, exchange) => peer.write(Buffer.concat([due(exchange), due(exchange)])),
  },
  {
    id: 'mismatch/connect',
    text: 'a message in "connect" is "received", then "mismatch"',
    roles: ['server'],
    workload: 'connect',
    framing: 'prefix32',
    codes: ['mismatch'],
    received: 1,
    deed: (peer, exchange) => peer.write(due(exchange)),
  },
  {
    id: 'mismatch/idle',
    text: 'a message in "idle" is "received", then "mismatch"',
    roles: BOTH,
    workload: 'idle',
    framing: 'prefix32',
    params: { durationMs: 5_000 },
    codes: ['mismatch'],
    received: 1,
    deed: (peer, exchange) => peer.write(due(exchange)),
  },
  {
    id: 'reset/idle',
    text: 'a reset between messages is "reset", whichever call is told of it',
    roles: BOTH,
    workload: 'echo',
    framing: 'prefix32',
    codes: ['reset', 'broken-pipe'],
    ops: [],
    deed: (peer) => peer.reset(),
  },
];

async function againstClient(stage: Stage, exchange: Exchange, deed: Breakage['deed']): Promise<number> {
  const { run, listener } = await stage.startClient(exchange);
  const peer = await listener.next();
  if (exchange.workload !== 'idle') await firstMessage(peer, exchange);
  deed(peer, exchange);
  await run.event('done');
  return 1;
}

async function againstServer(stage: Stage, exchange: Exchange, deed: Breakage['deed']): Promise<number> {
  const { run, port } = await stage.startServer(exchange);
  const peer = await stage.dial(port);
  const { event } = await run.event('accepted');
  deed(peer, exchange);
  await run.event('closed');
  return event.conn;
}

function clauseOf(breakage: Breakage, role: Role): Clause {
  const exchange = new Exchange(breakage.workload, {
    framing: breakage.framing,
    content: breakage.framing === 'delimited' ? 'text' : 'bytes',
    messages: 1,
    messageBytes: MESSAGE_BYTES,
    maxMessageBytes: MAX_BYTES,
    ioTimeoutMs: 10_000,
    ...breakage.params,
  });
  return {
    id: `${role}/${breakage.id}`,
    text: `To a ${role} ${breakage.text}`,
    passage: 'Output: events',
    role,
    exercise: async (stage) => {
      const conn = await (role === 'server' ? againstServer : againstClient)(stage, exchange, breakage.deed);
      const [transcript] = await stage.finish();
      if (transcript === undefined) return;
      const { codes, ops = ['recv'], received = 0 } = breakage;
      demand(failureMiss(transcript, conn, { codes, ops, received }));
    },
  };
}

export const BROKEN_STREAMS: readonly Clause[] = BREAKAGES.flatMap((breakage) =>
  breakage.roles.map((role) => clauseOf(breakage, role)),
);
