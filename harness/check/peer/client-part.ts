/**
 * The client's part in each workload, played by the harness against a server under check.
 *
 * Owns what is sent and what must come back over the wire; what the server says of it in its events is judged apart.
 */
import type { Workload } from '../../contract/words.ts';
import { Missed } from '../clause.ts';
import { digestReply, sameMessage } from '../exchange.ts';
import type { Exchange, Message } from '../exchange.ts';
import { described } from '../messages.ts';
import { heartbeats } from './heartbeats.ts';
import type { PeerSocket } from './peer-socket.ts';
import { encode, HEARTBEAT, readMessage } from './wire-form.ts';

/** Plays a part on one connection, to its end. `key` is the number that keys the payloads. */
type ClientPart = (peer: PeerSocket, exchange: Exchange, key: number) => Promise<void>;

const CLIENT_PARTS: Readonly<Record<Workload, ClientPart>> = {
  connect: finish,
  echo,
  pipeline,
  upload,
  download,
  idle,
  'slow-reader': async (peer, exchange, key) => {
    for (const message of exchange.messagesOf('originals', key)) peer.write(encode(exchange.framing, message));
    await finish(peer);
  },
  reconnect: echo,
};

/**
 * Plays the client of the exchange's workload.
 *
 * @throws {Missed} when the server sends something else than it should, or not in time
 */
export function playClient(peer: PeerSocket, exchange: Exchange, key: number): Promise<void> {
  return CLIENT_PARTS[exchange.workload](peer, exchange, key);
}

/** Sends a message; in `until-end` its end is the end of the stream. */
export function sendMessage(peer: PeerSocket, exchange: Exchange, message: Message): void {
  peer.write(encode(exchange.framing, message));
  if (exchange.framing === 'until-end') peer.end();
}

/** @throws {Missed} when another message than `due` comes, or none */
export async function expectMessage(peer: PeerSocket, exchange: Exchange, due: Message, what: string): Promise<void> {
  const got = await readMessage(peer, exchange, what);
  if (!sameMessage(got, due))
    throw new Missed(`${what}: ${described(due, exchange)}`, `${described(got, exchange)} came`);
}

async function finish(peer: PeerSocket): Promise<void> {
  peer.end();
  await peer.expectEnd('once the client has ended its writing');
}

async function echo(peer: PeerSocket, exchange: Exchange, key: number): Promise<void> {
  for (const [seq, message] of exchange.messagesOf('originals', key).entries()) {
    sendMessage(peer, exchange, message);
    await expectMessage(peer, exchange, exchange.echo(key, seq), `the echo of message ${seq}`);
  }
  await finish(peer);
}

async function pipeline(peer: PeerSocket, exchange: Exchange, key: number): Promise<void> {
  const messages = exchange.messagesOf('originals', key);
  peer.write(Buffer.concat(messages.map((message) => encode(exchange.framing, message))));
  if (exchange.framing === 'until-end') peer.end();
  for (const seq of messages.keys()) {
    await expectMessage(peer, exchange, exchange.echo(key, seq), `the echo of message ${seq} of several sent at once`);
  }
  await finish(peer);
}

async function upload(peer: PeerSocket, exchange: Exchange, key: number): Promise<void> {
  const message = exchange.original(key, 0);
  sendMessage(peer, exchange, message);
  const due = digestReply(message.payload);
  await expectMessage(peer, exchange, due, 'the SHA-256 of the upload in lower-case hexadecimal');
}

async function download(peer: PeerSocket, exchange: Exchange, key: number): Promise<void> {
  sendMessage(peer, exchange, exchange.original(key, 0));
  for (const [seq, due] of exchange.messagesOf('served', key).entries()) {
    await expectMessage(peer, exchange, due, `message ${seq} of the download`);
  }
  await peer.expectEnd('after the last message of the download');
  peer.end();
}

async function idle(peer: PeerSocket, exchange: Exchange): Promise<void> {
  await heartbeats(peer, exchange);
  peer.end();
  // A heartbeat that was on its way when the client ended is none too many.
  const last = await peer.takeToEnd('an end of stream once the client has ended its writing');
  if (last.length % HEARTBEAT.length === 0 && last.every((byte) => byte === 0)) return;
  throw new Missed('nothing but heartbeats before the end of an idle stream', `the bytes ${last.toString('hex')} came`);
}
