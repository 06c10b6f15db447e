/**
 * What a clean exchange consists of: the messages that the contract defines for a workload and its parameters.
 *
 * Owns which bytes are due where, computed from `contract/payload.ts` alone; sending and receiving them is `peer/`.
 */
import * as v from 'valibot';

import { paramsSchema } from '../contract/params.ts';
import type { Params, ParamsInput } from '../contract/params.ts';
import { echoOf, payload, payloadKey, sha256 } from '../contract/payload.ts';
import type { PayloadShape } from '../contract/payload.ts';
import type { Framing, Workload } from '../contract/words.ts';

/** A message: its payload, and in framing `typed` its type, elsewhere 0. */
export interface Message {
  readonly payload: Buffer;
  readonly type: number;
}

/** Which messages one side originates or is due: the table below says who has which. */
type Messages = 'none' | 'first' | 'originals' | 'echoes' | 'served' | 'digest';

/** One role's part on one connection, as its events must tell it. */
interface Part {
  readonly sends: Messages;
  readonly receives: Messages;
  /** Events that a clean connection has besides messages. */
  readonly marks: readonly ('shutdown' | 'eof' | 'heard' | 'closed')[];
}

const CLIENT_PARTS: Readonly<Record<Workload, Part>> = {
  connect: { sends: 'none', receives: 'none', marks: ['closed'] },
  echo: { sends: 'originals', receives: 'echoes', marks: ['shutdown', 'eof', 'closed'] },
  pipeline: { sends: 'originals', receives: 'echoes', marks: ['shutdown', 'eof', 'closed'] },
  upload: { sends: 'originals', receives: 'digest', marks: ['shutdown', 'eof', 'closed'] },
  download: { sends: 'first', receives: 'served', marks: ['eof', 'closed'] },
  idle: { sends: 'none', receives: 'none', marks: ['heard', 'shutdown', 'eof', 'closed'] },
  'slow-reader': { sends: 'originals', receives: 'none', marks: ['shutdown', 'eof', 'closed'] },
  reconnect: { sends: 'originals', receives: 'echoes', marks: ['shutdown', 'eof', 'closed'] },
};

const SERVER_PARTS: Readonly<Record<Workload, Part>> = {
  connect: { sends: 'none', receives: 'none', marks: ['eof', 'closed'] },
  echo: { sends: 'echoes', receives: 'originals', marks: ['eof', 'closed'] },
  pipeline: { sends: 'echoes', receives: 'originals', marks: ['eof', 'closed'] },
  upload: { sends: 'digest', receives: 'originals', marks: ['eof', 'closed'] },
  download: { sends: 'served', receives: 'first', marks: ['closed'] },
  idle: { sends: 'none', receives: 'none', marks: ['heard', 'eof', 'closed'] },
  'slow-reader': { sends: 'none', receives: 'originals', marks: ['eof', 'closed'] },
  reconnect: { sends: 'echoes', receives: 'originals', marks: ['eof', 'closed'] },
};

export const PARTS = { client: CLIENT_PARTS, server: SERVER_PARTS } as const;

export class Exchange {
  readonly workload: Workload;
  readonly params: Params;
  /** What the subject is given: only what was asked for, so that its own defaults are put to it. */
  readonly input: ParamsInput;
  readonly framing: Framing;
  /** Per connection and direction. */
  readonly messages: number;
  readonly #shape: PayloadShape;

  constructor(workload: Workload, input: ParamsInput) {
    this.workload = workload;
    this.input = input;
    this.params = v.parse(paramsSchema, input);
    // CONTRACT, Workloads: `upload` is in framing `until-end`, whatever `framing` says.
    this.framing = workload === 'upload' ? 'until-end' : this.params.framing;
    this.messages = this.framing === 'until-end' ? 1 : this.params.messages;
    this.#shape = { ...this.params, framing: this.framing };
  }

  /** Message `seq` as its originator defines it: a client's connection number, or the server. */
  original(origin: number | 'server', seq: number): Message {
    return {
      payload: payload(this.#shape, payloadKey(this.params.seed, origin), seq),
      type: this.framing === 'typed' ? (seq % 3) + 1 : 0,
    };
  }

  echo(origin: number, seq: number): Message {
    return echoed(this.original(origin, seq));
  }

  /** The messages of one side of the connection whose payloads are keyed by `key`. */
  messagesOf(which: Messages, key: number): Message[] {
    return MESSAGES[which](this, key);
  }

  /** Something for each message of a connection. */
  each(make: (seq: number) => Message): Message[] {
    return Array.from({ length: this.messages }, (_, seq) => make(seq));
  }
}

const MESSAGES: Readonly<Record<Messages, (exchange: Exchange, key: number) => Message[]>> = {
  none: () => [],
  first: (exchange, key) => [exchange.original(key, 0)],
  originals: (exchange, key) => exchange.each((seq) => exchange.original(key, seq)),
  echoes: (exchange, key) => exchange.each((seq) => exchange.echo(key, seq)),
  served: (exchange) => exchange.each((seq) => exchange.original('server', seq)),
  digest: (exchange, key) => [digestReply(exchange.original(key, 0).payload)],
};

/** The echo of a message: every byte complemented, the type kept. */
export function echoed(message: Message): Message {
  return { payload: echoOf(message.payload), type: message.type };
}

/** What `upload` answers. */
export function digestReply(received: Uint8Array): Message {
  return { payload: Buffer.from(sha256(received), 'ascii'), type: 0 };
}

export function sameMessage(one: Message, other: Message): boolean {
  return one.payload.equals(other.payload) && one.type === other.type;
}
