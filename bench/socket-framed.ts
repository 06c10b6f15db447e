/**
 * Messages of 1 KiB in framing `prefix32`, over a socket: our `recv` and decoder beside a parser written by hand into `onread`.
 *
 * The sender is the same for both, on bare `node:net`. Run as a program this file is that sender, in a process of its own:
 * `node bench/socket-framed.ts`. It prints its port.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { connect } from '../services/socket/connect.ts';
import { encodePrefix32, prefix32Decoder } from '../services/socket/frame/prefix32.ts';

const HOST = '127.0.0.1';
const CHUNK_BYTES = 65_536;
const PAYLOAD_BYTES = 1024;
/** As many whole messages as make whole chunks, so that cuts fall at every place of a message. */
const WIRE = Buffer.concat(Array.from({ length: 16_384 }, () => encodePrefix32(new Uint8Array(PAYLOAD_BYTES))));
const TIMES = 32;
const MESSAGES = 16_384 * TIMES;

/** Messages a millisecond, from the first bytes to the last. */
function rate(messages: number, from: number): number {
  if (messages !== MESSAGES) throw new Error(`${messages} messages came of ${MESSAGES}`);
  return messages / (performance.now() - from);
}

/** Messages a millisecond with this library, as a program would be written on it. */
export async function receiveOurs(port: number): Promise<number> {
  const socket = await connect({ host: HOST, port });
  const decoder = prefix32Decoder(PAYLOAD_BYTES);
  let messages = 0;
  let from = 0;
  for (let bytes = await socket.recv(CHUNK_BYTES); bytes.length > 0; bytes = await socket.recv(CHUNK_BYTES)) {
    from ||= performance.now();
    decoder.push(bytes);
    for (let message = decoder.next(); message !== 'need-more'; message = decoder.next()) {
      if (message.length === PAYLOAD_BYTES) messages += 1;
    }
  }
  await socket.close();
  return rate(messages, from);
}

/** Messages a millisecond by hand. Its messages last no longer than the call that reads them. */
export async function receiveByHand(port: number): Promise<number> {
  const buffer = Buffer.alloc(2 * CHUNK_BYTES);
  let messages = 0;
  let from = 0;
  let kept = 0;
  const callback = (count: number): boolean => {
    from ||= performance.now();
    // What is left of the last read lies before the bytes of this one.
    const end = CHUNK_BYTES + count;
    let at = CHUNK_BYTES - kept;
    while (end - at >= 4) {
      const length = buffer.readUInt32BE(at);
      if (end - at - 4 < length) break;
      if (buffer.subarray(at + 4, at + 4 + length).length === PAYLOAD_BYTES) messages += 1;
      at += 4 + length;
    }
    kept = end - at;
    buffer.copy(buffer, CHUNK_BYTES - kept, at, end);
    return true;
  };
  const socket = new net.Socket({ noDelay: true, onread: { buffer: buffer.subarray(CHUNK_BYTES), callback } });
  socket.connect({ host: HOST, port });
  await once(socket, 'close');
  return rate(messages, from);
}

async function send(): Promise<void> {
  const server = net.createServer({ noDelay: true }).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
  const [socket]: net.Socket[] = await once(server, 'connection');
  if (socket === undefined) throw new Error('no connection came');
  server.close();
  for (let round = 0; round < TIMES; round += 1) {
    for (let at = 0; at < WIRE.length; at += CHUNK_BYTES) {
      if (!socket.write(WIRE.subarray(at, at + CHUNK_BYTES))) await once(socket, 'drain');
    }
  }
  socket.end();
}

if (import.meta.main) await send();
