/**
 * A failing case that is kept running: how to get in, and the wait for whoever looks into it.
 */
import { once } from 'node:events';

import type { HeldAttempt } from '../run/onlooker.ts';
import type { ShownJob } from './live-block.ts';
import type { Style } from './style.ts';

/** What is kept and how to get in, as lines. */
export function heldLines({ plan }: ShownJob, held: HeldAttempt, style: Style): string {
  const faults = held.faults.length === 0 ? 'no fault is in force any more' : `in force: ${held.faults.join(', ')}`;
  return [
    `${style.paint('bold', 'kept')}    ${plan.scenario}  ${plan.client}→${plan.server}`,
    `    enacted once more and stopped after its exchange; ${faults}`,
    ...held.processes.map(
      ({ role, pid, ended }) =>
        `    ${role.padEnd(8)}${ended ? 'has ended' : pid === null ? 'runs' : `process ${pid}`}${role === 'server' && !ended ? `, the proxy reaches it at ${held.serverAt}` : ''}`,
    ),
    `    proxy   the client reaches it at ${held.proxyAt}`,
    ...held.waysIn.map((line) => `    ${line}`),
    '    Enter or Ctrl-C ends it and cleans up',
  ].join('\n');
}

/** Waits for Enter, for the end of standard input (nobody is there to press it), or for the signal. */
export async function enterOrSignal(input: NodeJS.ReadStream, signal: AbortSignal): Promise<void> {
  if (signal.aborted || input.readableEnded) return;
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  const waits = ['data', 'end'].map((name) => once(input, name, { signal: either }).catch(() => undefined));
  input.resume();
  await Promise.race(waits);
  done.abort();
  // Else the process would wait for more of it.
  input.pause();
  input.unref();
}
