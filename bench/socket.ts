/**
 * What the socket library costs beside bare `node:net`, in alternating runs: throughput, round trips, framing, memory.
 * Each run is a process of its own, so that none is measured in what another left behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { figuresOf } from './figures.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';
import { ROUND_TRIPS, THROUGHPUT_BYTES } from './socket-measured.ts';
import { dripRows } from './socket-drip.ts';
import { idleRows, unreadPeerRows } from './socket-memory.ts';
import { atMost, heartbeatRow, selectRow } from './socket-scale.ts';
import { isOurs, type Library } from './socket-end.ts';

const ROUNDS = 7;

const measured = async (library: Library, ...what: string[]): Promise<number> =>
  (await figuresOf('socket-measured.ts', library, ...what))[0] ?? Number.NaN;

/** What each library gave, round by round. */
interface Rounds {
  /** The median of one library. */
  readonly of: (library: Library) => number;
  /** The median of what one library gave in a round divided by what another gave in it. */
  readonly ratio: (library: Library, to: Library) => number;
}

/** Runs the libraries in turn, so that what slows this machine down for a while slows all of them. */
async function inTurn(
  libraries: readonly Library[],
  measure: (library: Library) => Promise<number>,
  rounds = ROUNDS,
): Promise<Rounds> {
  const found: Record<Library, number[]> = { ours: [], into: [], bare: [], fresh: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const library of libraries) found[library].push(await measure(library));
  }
  return {
    of: (library) => quantile(found[library], 0.5),
    ratio: (library, to) =>
      quantile(
        found[library].map((value, round) => value / (found[to][round] ?? Number.NaN)),
        0.5,
      ),
  };
}

function atLeast(measure: string, value: number, bound: number): Row {
  return { measure, value, unit: 'ratio', asked: `at least ${bound}`, kept: value >= bound };
}

async function throughputRows(side: 'connected' | 'accepted'): Promise<Row[]> {
  // `createServer` knows no `onread`: what a bare connected stream does is asked of both sides.
  const found = await inTurn(
    ['bare', 'fresh', 'into', 'ours'],
    async (library) => await measured(library, 'one-way', isOurs(library) ? side : 'connected'),
  );
  return [
    { measure: `one way, ${side} side, recv`, value: found.of('ours'), unit: 'MiB/s' },
    { measure: `one way, ${side} side, recvInto one buffer`, value: found.of('into'), unit: 'MiB/s' },
    { measure: `one way, bare onread with one buffer`, value: found.of('bare'), unit: 'MiB/s' },
    atLeast(`one way, ${side} side, recv to bare`, found.ratio('ours', 'bare'), 0.85),
    // Both have one buffer here. What `recv` hands out is never written again: the price of that is the next row.
    atLeast(`one way, ${side} side, recvInto to bare`, found.ratio('into', 'bare'), 0.85),
    {
      measure: 'one way, bare data events, in fresh memory, to bare',
      value: found.ratio('fresh', 'bare'),
      unit: 'ratio',
    },
  ];
}

async function roundTripRows(): Promise<Row[]> {
  const found = await inTurn(['bare', 'ours'], (library) => measured(library, 'round-trip'));
  return [
    { measure: 'round trip of 64 B, ours', value: found.of('ours'), unit: 'ms' },
    { measure: 'round trip of 64 B, bare', value: found.of('bare'), unit: 'ms' },
    atMost('round trip of 64 B, ours to bare', found.ratio('ours', 'bare'), [1.2, 'ratio']),
  ];
}

async function framingRows(): Promise<Row[]> {
  const found = await inTurn(['bare', 'ours'], (library) => measured(library, 'framed'));
  return [
    { measure: 'prefix32, messages of 1 KiB from a socket, ours', value: found.of('ours') * 1000, unit: '1/s' },
    { measure: 'prefix32, messages of 1 KiB from a socket, by hand', value: found.of('bare') * 1000, unit: '1/s' },
    atLeast('prefix32, messages of 1 KiB from a socket, ours to by hand', found.ratio('ours', 'bare'), 0.5),
    ...dripRows(),
  ];
}

/** The same traffic between two CPython processes, where there is a `python3`: a figure to read ours beside. */
async function pythonRows(): Promise<Row[]> {
  const program = fileURLToPath(new URL('socket_python.py', import.meta.url));
  const child = spawn('python3', [program, String(THROUGHPUT_BYTES), String(ROUND_TRIPS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const failed = once(child, 'error').then(() => undefined);
  const found = await Promise.race([failed, once(createInterface({ input: child.stdout }), 'line')]);
  if (found === undefined) return [];
  const [rate, roundTripMs] = String(found[0]).split(' ').map(Number);
  return [
    { measure: 'one way, CPython', value: rate ?? Number.NaN, unit: 'MiB/s' },
    { measure: 'round trip of 64 B, CPython', value: roundTripMs ?? Number.NaN, unit: 'ms' },
  ];
}

/** All measures of the library. Takes about a minute. */
export async function runSocketBench(): Promise<Row[]> {
  return [
    ...(await throughputRows('connected')),
    ...(await throughputRows('accepted')),
    ...(await roundTripRows()),
    ...(await framingRows()),
    ...(await unreadPeerRows()),
    await selectRow(),
    await heartbeatRow(),
    ...(await pythonRows()),
    ...(await idleRows()),
  ];
}

if (import.meta.main) {
  for (const row of await runSocketBench()) {
    const verdict = row.asked === undefined ? '' : `  ${row.asked}: ${row.kept === true ? 'kept' : 'MISSED'}`;
    process.stdout.write(`${row.measure}: ${row.value.toFixed(3)} ${row.unit}${verdict}\n`);
  }
}
