/**
 * How the harness reaches a cell's proxies, and reads their clock: straight where the engine runs on this machine, else
 * through the engine.
 */
import type { ClockReading } from '../cell.ts';
import { API_PORT } from './compose-file.ts';
import type { ComposeProject } from './compose-project.ts';
import { readEngineClock } from './engine-clock.ts';
import { openTunnel } from './tunnel.ts';

export interface WayIn extends AsyncDisposable {
  /** Of each proxy's API. */
  readonly urls: Readonly<Record<'proxy' | 'wire', string>>;
  /** `null`: it is this machine's own. */
  readClock(): Promise<ClockReading | null>;
}

/** @param isHere whether the engine runs on this machine */
export async function wayInto(project: ComposeProject, isHere: boolean): Promise<WayIn> {
  if (isHere) {
    const urls = { proxy: project.apiUrl('proxy'), wire: project.apiUrl('wire') };
    return { urls, readClock: () => Promise.resolve(null), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  // Real Toxiproxy's image holds nothing else; it is reached from its neighbour.
  const wire = project.container('wire');
  await using tunnels = new AsyncDisposableStack();
  const toProxy = tunnels.use(await openTunnel(wire, 'proxy', API_PORT));
  const toWire = tunnels.use(await openTunnel(wire, '127.0.0.1', API_PORT));
  const kept = tunnels.move();
  return {
    urls: { proxy: toProxy.url, wire: toWire.url },
    readClock: () => readEngineClock(wire),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
