/**
 * For tests: what Node would say, or end the process for, if something went past its promise.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';

const EVENTS = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const;

/**
 * Records it in each test of the file that calls this.
 *
 * @returns gives what went astray in the test so far: rejections that nobody handles are told when the microtasks are
 *   through, warnings a turn later
 */
export function watchAstray(): () => Promise<unknown[]> {
  const astray: unknown[] = [];
  const record = (what: unknown): void => void astray.push(what);
  beforeEach(() => {
    astray.length = 0;
    for (const event of EVENTS) process.on(event, record);
  });
  afterEach(() => {
    for (const event of EVENTS) process.off(event, record);
  });
  return async () => {
    for (let turns = 0; turns < 5; turns += 1) await turn();
    return astray;
  };
}
