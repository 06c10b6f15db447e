/**
 * What the wire proxy costs and how exact it is, beside real Toxiproxy 2.12 and the direct path, in one alternating run.
 */
import { accuracy, control } from './proxy-exactness.ts';
import { connections, memory, roundTrips, throughput } from './proxy-speed.ts';
import { direct, endAll, toxiproxyTarget, wireTarget } from './proxy-targets.ts';
import type { Row } from './row.ts';

/** Runs all measurements, in about two minutes; leaves no process. */
export const runProxyBench = async (): Promise<readonly Row[]> => {
  try {
    const wire = await wireTarget();
    const toxiproxy = await toxiproxyTarget();
    const targets = [direct, ...(toxiproxy === undefined ? [] : [toxiproxy]), wire];
    return [
      ...(await throughput(targets)),
      ...(await roundTrips(targets)),
      ...(await accuracy(wire)),
      ...(await connections(targets)),
      ...(await memory()),
      ...(await control(wire)),
    ];
  } finally {
    endAll();
  }
};
