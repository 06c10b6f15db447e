/**
 * `npm run bench [name…]`: the measurements, each beside what was asked of it. Run it on an idle machine.
 *
 * Exits 0 where every bound that was asked for is kept, 1 where one is missed, 2 for a name that there is not.
 */
import { runDockerBench } from './docker.ts';
import { runDockerPoolBench } from './docker-pool.ts';
import { runOverheadBench } from './overhead.ts';
import { runProxyBench } from './proxy.ts';
import { runReportBench } from './report.ts';
import { statusOf } from './row.ts';
import type { Row } from './row.ts';
import { runSocketBench } from './socket.ts';
import { runStartBench } from './start.ts';
import { runSweepBench } from './sweep.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  start: runStartBench,
  overhead: () => runOverheadBench(),
  sweep: runSweepBench,
  socket: runSocketBench,
  proxy: runProxyBench,
  report: runReportBench,
  docker: runDockerBench,
  'docker-pool': runDockerPoolBench,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  const all: Row[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    console.log(`\n${name}`);
    const rows = (await BENCHES[name]?.()) ?? [];
    for (const row of rows) console.log(line(row));
    all.push(...rows);
  }
  process.exitCode = statusOf(all);
}

function line({ measure, value, unit, asked, kept }: Row): string {
  const mark = kept === undefined ? ' ' : kept ? '✓' : '✗';
  const bound = asked === undefined ? '' : `   asked: ${asked}`;
  return `${mark} ${measure.padEnd(70)} ${String(Math.round(value * 1000) / 1000).padStart(10)} ${unit}${bound}`;
}
