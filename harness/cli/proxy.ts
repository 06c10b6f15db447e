/**
 * `halfopen proxy`: the wire proxy alone.
 */
import { runProxy } from '../proxy/command.ts';

export function proxy(args: readonly string[], signal: AbortSignal): Promise<number> {
  return runProxy(args, signal);
}
