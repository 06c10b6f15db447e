/**
 * Connecting to the upstream: with a deadline, in parallel, and with a word for why it failed.
 */
import type { Alarm } from '../alarm.ts';
import { nowMs } from '../clock.ts';
import type { DialFailure } from '../events/journal.ts';
import { type Address, parseAddress } from '../proxies/address.ts';
import { dialedLeg, type Leg } from './leg.ts';

export interface DialEvents {
  connected(leg: Leg): void;
  failed(code: DialFailure, message: string): void;
}

const CODES: Readonly<Record<string, DialFailure>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
};

const describe = (error: unknown): { readonly code: DialFailure; readonly message: string } => {
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  // A name with several addresses fails with all their errors at once, and no message of its own.
  if (error instanceof AggregateError && message === '') return describe(error.errors[0]);
  return { code: CODES[code] ?? 'other', message };
};

/** Connects to `upstream` within `timeoutMs`, or as long as the kernel tries when that is 0; exactly one of the events follows, unless the returned function is called. */
export const dial = (
  { upstream, alarm, timeoutMs }: { readonly upstream: string; readonly alarm: Alarm; readonly timeoutMs: number },
  events: DialEvents,
): (() => void) => {
  let leg: Leg | undefined;
  let settled = false;
  const settle = (tell: () => void) => {
    if (settled) return;
    settled = true;
    cancelDeadline();
    tell();
  };
  const give = (address: Address) => {
    const dialed = dialedLeg(
      address.kind === 'unix' ? { path: address.path } : { host: address.host || 'localhost', port: address.port },
    );
    dialed.socket.once('connect', () => settle(() => events.connected(dialed)));
    dialed.socket.once('error', (error) => settle(() => failed(error)));
    return dialed;
  };
  const failed = (error: unknown) => {
    const { code, message } = describe(error);
    events.failed(code, message);
  };
  const expire = () =>
    settle(() => {
      leg?.close();
      events.failed('timeout', `no answer from ${upstream} within ${timeoutMs} ms`);
    });
  const cancelDeadline = timeoutMs === 0 ? () => undefined : alarm.at(nowMs() + timeoutMs, expire);
  try {
    leg = give(parseAddress(upstream));
  } catch (error) {
    queueMicrotask(() => settle(() => failed(error)));
  }
  return () =>
    settle(() => {
      leg?.close();
    });
};
