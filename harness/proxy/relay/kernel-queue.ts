/**
 * How much the kernel has sent for us and the peer's kernel has not acknowledged yet.
 *
 * Owns the reading of `/proc/self/net/tcp`, the only place where Node can see it (there is no TIOCOUTQ). A reset sent
 * while this is not zero would destroy bytes under way, so whoever resets waits here first. Exact as far as the
 * receiver's kernel takes the bytes: up to 4 MB with Linux's default `tcp_rmem` and `tcp_wmem`, or what is read meanwhile.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

import type { Alarm } from '../alarm.ts';
import { nowMs } from '../clock.ts';
import type { Leg } from './leg.ts';

/** The wait ends when nothing was acknowledged for this long. A delayed ACK takes 40 ms, a lost segment 200. */
const PATIENCE_MS = 1500;

/** First and longest pause between two looks. */
const FIRST_PAUSE_MS = 0.5;
const LONGEST_PAUSE_MS = 8;

/** Larger tables are not searched to the end: 100,000 sockets. */
const MOST_TABLE_BYTES = 16 * 1024 * 1024;

/** Columns of a line: slot, local, remote, state, tx_queue:rx_queue. */
const LINE = /^\s*\d+: (\S+) (\S+) \S\S ([0-9A-F]{8}):/gm;

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

const ipv6Bytes = (address: string): number[] => {
  const [text = ''] = address.split('%');
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const plain =
    dotted?.[2] === undefined
      ? text
      : `${dotted[1]}${(([a = 0, b = 0, c = 0, d = 0]) => `${hex(a * 256 + b, 1)}:${hex(c * 256 + d, 1)}`)(ipv4Bytes(dotted[2]))}`;
  const [before = '', after] = plain.split('::');
  const head = groups(before);
  const tail = after === undefined ? [] : groups(after);
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0);
  return [...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 255]);
};

/** An address and port as `/proc/net/tcp` and `tcp6` print them. */
export const kernelEndpoint = (address: string, port: number): string => {
  const bytes = isIPv4(address) ? ipv4Bytes(address) : ipv6Bytes(address);
  const words: string[] = [];
  for (let index = 0; index < bytes.length; index += 4) words.push(word(bytes.slice(index, index + 4)));
  return `${words.join('')}:${hex(port, 4)}`;
};

export class KernelQueues {
  readonly #tables = { ipv4: openTable('/proc/self/net/tcp'), ipv6: openTable('/proc/self/net/tcp6') };
  readonly #alarm: Alarm;
  #buffer = Buffer.alloc(0);

  constructor(alarm: Alarm) {
    this.#alarm = alarm;
  }

  close(): void {
    for (const table of Object.values(this.#tables)) if (table !== undefined) closeSync(table);
  }

  /** Bytes sent and not acknowledged; undefined when that cannot be known (no TCP, no `/proc`, no such socket). */
  unacknowledged({ socket }: Leg): number | undefined {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    if (localAddress === undefined || localPort === undefined) return undefined;
    if (remoteAddress === undefined || remotePort === undefined) return undefined;
    const table = isIPv4(localAddress) ? this.#tables.ipv4 : this.#tables.ipv6;
    if (table === undefined) return undefined;
    const local = kernelEndpoint(localAddress, localPort);
    const remote = kernelEndpoint(remoteAddress, remotePort);
    for (const [, localHere, remoteHere, queued] of this.#read(table).matchAll(LINE)) {
      if (localHere === local && remoteHere === remote) return Number.parseInt(queued ?? '', 16);
    }
    return undefined;
  }

  /**
   * Waits until the receiver's kernel has acknowledged everything, or nothing moved for 1.5 s.
   *
   * @param pending bytes that the kernel has not even taken yet
   * @param done called with the bytes that are still under way (0: none), or undefined when that cannot be known
   */
  whenAcknowledged(leg: Leg, pending: () => number, done: (left: number | undefined) => void): void {
    this.#whenStill(() => {
      const waiting = pending();
      const unacknowledged = leg.dead ? undefined : this.unacknowledged(leg);
      return unacknowledged === undefined && waiting === 0 ? undefined : waiting + (unacknowledged ?? 0);
    }, done);
  }

  /** Waits until the kernel has taken everything, or nothing moved for 1.5 s. */
  whenTaken(pending: () => number, done: (left: number | undefined) => void): void {
    this.#whenStill(pending, done);
  }

  #whenStill(amount: () => number | undefined, done: (left: number | undefined) => void): void {
    let least = Infinity;
    let movedMs = nowMs();
    let pauseMs = FIRST_PAUSE_MS;
    const look = () => {
      const now = nowMs();
      const left = amount();
      if (left !== undefined && left < least) {
        least = left;
        movedMs = now;
      }
      if (left === undefined || left === 0 || now - movedMs >= PATIENCE_MS) {
        done(left);
        return;
      }
      this.#alarm.at(now + pauseMs, look);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    };
    look();
  }

  #read(table: number): string {
    let length = 0;
    for (;;) {
      if (this.#buffer.length - length < 65_536) {
        if (this.#buffer.length >= MOST_TABLE_BYTES) break;
        this.#buffer = Buffer.concat([this.#buffer, Buffer.alloc(Math.max(65_536, this.#buffer.length))]);
      }
      const count = readSync(table, this.#buffer, length, 65_536, length);
      if (count === 0) break;
      length += count;
    }
    return this.#buffer.toString('latin1', 0, length);
  }
}
