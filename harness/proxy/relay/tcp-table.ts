/**
 * `/proc/self/net/tcp`, as far as it says how much of what was sent is not acknowledged yet.
 *
 * Owns the form of its lines and how often it is read: the kernel lists every socket of the machine's namespace, those in
 * TIME_WAIT too, which can take many milliseconds. So it is read outside the event loop, one reading serves all who wait,
 * and readings take at most a fifth of the time, unless that would keep who waits for long.
 */
import { closeSync, openSync, read } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { nowMs } from '../clock.ts';

/** Larger tables are not searched to the end: 100,000 sockets. */
const MOST_TABLE_BYTES = 16 * 1024 * 1024;

/** The next reading begins no sooner than this many times the last one's duration after it. */
const REST = 4;

/** A reading that took long was kept off the core itself: to rest as much longer would hold up resets, and help nobody. */
const LONGEST_REST_MS = 20;

const readInto = promisify(read);

/** Columns after the addresses: state, tx_queue:rx_queue. */
const QUEUE_COLUMN = / [0-9A-F]{2} ([0-9A-F]{8}):/y;

/** Kept open, so that a full table of file descriptors cannot take it away. Absent on other systems. */
const openTable = (path: string): number | undefined => {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
};

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Four bytes as the kernel prints them: one integer of its own byte order. */
const word = (bytes: readonly number[]): string =>
  (endianness() === 'LE' ? bytes.toReversed() : bytes).map((byte) => hex(byte, 2)).join('');

const ipv4Bytes = (address: string): number[] => address.split('.').map(Number);

/** Groups of an IPv6 address, the last of which may be an IPv4 address. */
const groupBytes = (groups: string): number[] =>
  groups
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (isIPv4(group)) return ipv4Bytes(group);
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    });

const ipv6Bytes = (address: string): number[] => {
  const [text = ''] = address.split('%');
  const [before = '', after = ''] = text.split('::');
  const head = groupBytes(before);
  const tail = groupBytes(after);
  const zeros = Array.from({ length: Math.max(0, 16 - head.length - tail.length) }, () => 0);
  return [...head, ...zeros, ...tail];
};

/** An address and port as `/proc/net/tcp` and `tcp6` print them. */
export const kernelEndpoint = (address: string, port: number): string => {
  const bytes = isIPv4(address) ? ipv4Bytes(address) : ipv6Bytes(address);
  const words: string[] = [];
  for (let index = 0; index < bytes.length; index += 4) words.push(word(bytes.slice(index, index + 4)));
  return `${words.join('')}:${hex(port, 4)}`;
};

/** The two ends of a TCP connection, from the side of this machine. */
export interface Ends {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

class Table {
  readonly #file: number | undefined;
  #buffer = Buffer.alloc(0);
  #text = '';
  #beganMs = -Infinity;
  #restsUntilMs = -Infinity;
  #reading: Promise<void> | undefined;
  #closed = false;

  constructor(path: string) {
    this.#file = openTable(path);
  }

  /** The text of a reading that began at `sinceMs` or later; undefined when there is no table. */
  async since(sinceMs: number): Promise<string | undefined> {
    while (this.#beganMs < sinceMs) {
      if (this.#file === undefined || this.#closed) return undefined;
      await (this.#reading ??= this.#next(this.#file));
    }
    return this.#text;
  }

  /** Closes the file, after a reading that may be under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#reading;
    if (this.#file !== undefined) closeSync(this.#file);
  }

  async #next(file: number): Promise<void> {
    const restMs = this.#restsUntilMs - nowMs();
    if (restMs > 0) await pause(restMs);
    const beganMs = nowMs();
    try {
      this.#text = await this.#read(file);
    } finally {
      const endedMs = nowMs();
      this.#beganMs = beganMs;
      this.#restsUntilMs = endedMs + Math.min((endedMs - beganMs) * REST, LONGEST_REST_MS);
      this.#reading = undefined;
    }
  }

  async #read(file: number): Promise<string> {
    let length = 0;
    for (;;) {
      if (this.#buffer.length - length < 65_536) {
        if (this.#buffer.length >= MOST_TABLE_BYTES) break;
        this.#buffer = Buffer.concat([this.#buffer, Buffer.alloc(Math.max(65_536, this.#buffer.length))]);
      }
      const { bytesRead } = await readInto(file, this.#buffer, length, 65_536, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return this.#buffer.toString('latin1', 0, length);
  }
}

export class TcpTables {
  readonly #ipv4 = new Table('/proc/self/net/tcp');
  readonly #ipv6 = new Table('/proc/self/net/tcp6');

  /** Bytes of the connection that were sent and not acknowledged, at `sinceMs` or later; undefined when not known. */
  async unacknowledged(ends: Ends, sinceMs: number): Promise<number | undefined> {
    const { localAddress, localPort, remoteAddress, remotePort } = ends;
    if (localAddress === undefined || localPort === undefined) return undefined;
    if (remoteAddress === undefined || remotePort === undefined) return undefined;
    // Before the wait: a socket that is closed meanwhile forgets its addresses.
    const key = `${kernelEndpoint(localAddress, localPort)} ${kernelEndpoint(remoteAddress, remotePort)}`;
    const text = await (isIPv4(localAddress) ? this.#ipv4 : this.#ipv6).since(sinceMs);
    const found = text?.indexOf(key) ?? -1;
    if (text === undefined || found < 0) return undefined;
    QUEUE_COLUMN.lastIndex = found + key.length;
    const queued = QUEUE_COLUMN.exec(text)?.[1];
    return queued === undefined ? undefined : Number.parseInt(queued, 16);
  }

  async close(): Promise<void> {
    await Promise.all([this.#ipv4.close(), this.#ipv6.close()]);
  }
}
