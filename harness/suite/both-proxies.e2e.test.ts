/**
 * Where real Toxiproxy and the wire proxy can both deliver a fault, a scenario's verdict does not depend on which of
 * them did: for a subject that is right, and for one with a seeded bug that the scenario is there to find.
 *
 * Local, so that it takes seconds: the cell's own wire proxy records on both sides of a toxiproxy-server of this machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import type { Cell } from '../run/cell.ts';
import { RecordedToxiproxy } from '../run/docker/recorded-toxiproxy.ts';
import { openLocalCell } from '../run/local/local-cell.ts';
import { ProxyControl } from '../run/proxy-control.ts';
import { WireFeed } from '../run/wire-feed.ts';
import { loadBugs } from './bugs.ts';
import { type CatalogueEntry, loadCatalogue } from './catalogue.ts';
import { type Job, makeJobs } from './job.ts';
import type { JobOutcome } from './job-result.ts';
import { runPool } from './pool.ts';
import { JobTask } from './run-job.ts';
import { builtInSubjects, type KnownSubject } from './subjects.ts';

const HOST = '127.0.0.1';
/** Real toxiproxy-server 2.12, where there is one: `TOXIPROXY_SERVER` is its path. In CI there must be. */
const TOXIPROXY = process.env['TOXIPROXY_SERVER'];
const isSkipped = TOXIPROXY === undefined && process.env['CI'] !== 'true';

const ON_THE_WIRE: ReadonlySet<string> = new Set(['latency', 'fragment', 'reset', 'fin', 'bandwidth', 'refuse']);
/** Of each kind of fault so many scenarios, the quickest first. */
const OF_EACH_KIND = 2;
const CELLS = 2;
/** This part of the verdicts must be a pass or a fail. */
const LEAST_DEFINITE = 0.9;
const isDefinite = (verdict: string | undefined): boolean => verdict === 'pass' || verdict === 'fail';
const LIMIT_MS = 240_000;

/** Where a cell's proxies listen: apart, since in Docker each has the ports of a container of its own. */
const hostOf = (role: 'wire' | 'proxy', cell: number): string => `127.0.${60 + cell}.${role === 'wire' ? 2 : 3}`;

/** A proxy that takes the names and addresses that the proxies have in Docker for those on this machine. */
class OnThisMachine extends ProxyControl {
  readonly #role: 'wire' | 'proxy';
  readonly #cell: number;

  constructor(url: string, role: 'wire' | 'proxy', cell: number) {
    super(url);
    this.#role = role;
    this.#cell = cell;
  }

  override createProxy(...[request, signal]: Parameters<ProxyControl['createProxy']>) {
    const listen = request.listen.replace(/^0\.0\.0\.0:/, `${hostOf(this.#role, this.#cell)}:`);
    const upstream = request.upstream.replace(
      /^(wire|proxy):/,
      (name) => `${hostOf(name === 'wire:' ? 'wire' : 'proxy', this.#cell)}:`,
    );
    return super.createProxy({ ...request, listen, upstream }, signal);
  }
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen({ host: HOST, port: 0 });
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

/** A toxiproxy-server of its own for each cell. */
const startToxiproxy = async (
  number: number,
): Promise<{ readonly control: ProxyControl; readonly end: () => Promise<void> }> => {
  if (TOXIPROXY === undefined) throw new Error('TOXIPROXY_SERVER must name toxiproxy-server 2.12, as .ci/run does');
  const port = await freePort();
  const child = spawn(TOXIPROXY, ['-host', HOST, '-port', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, LOG_LEVEL: 'disabled' },
  });
  const control = new OnThisMachine(`http://${HOST}:${port}`, 'proxy', number);
  const answers = (): Promise<boolean> =>
    control.version().then(
      () => true,
      () => false,
    );
  while (!(await answers())) await pause(20);
  const end = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { control, end };
};

/** The cell with real Toxiproxy between client and server, recorded by the cell's own proxy. */
const facingToxiproxy = async (cell: Cell, number: number): Promise<Cell> => {
  const toxiproxy = await startToxiproxy(number);
  const wire = new OnThisMachine((cell.control as ProxyControl).baseUrl, 'wire', number);
  const feed = new WireFeed(wire);
  const control = new RecordedToxiproxy(toxiproxy.control, wire, feed);
  const facing: Cell = {
    ...cell,
    facing: () => facing,
    proxy: 'toxiproxy',
    control,
    effectGrade: 'recorder',
    watch: (proxyName, onEvent, originMicros) => control.watch(proxyName, onEvent, originMicros),
    [Symbol.asyncDispose]: async () => {
      await feed[Symbol.asyncDispose]();
      await cell[Symbol.asyncDispose]();
      await toxiproxy.end();
    },
  };
  return facing;
};

/** Scenarios with faults that both can deliver, a few of each kind, by how long they have to wait. */
const chosen = (entries: readonly CatalogueEntry[], node: KnownSubject): CatalogueEntry[] => {
  const taken = new Map<string, number>();
  return jobsOf(entries, 'toxiproxy', { server: node, client: node })
    .filter(({ excused, plan }) => excused === null && plan.faults.some(({ kind }) => ON_THE_WIRE.has(kind)))
    .filter(({ plan }) => plan.faults.every(({ kind }) => ON_THE_WIRE.has(kind)))
    .toSorted((one, other) => one.plan.waitsMs - other.plan.waitsMs)
    .filter(({ plan }) => {
      const kind = plan.faults[0]?.kind ?? '';
      taken.set(kind, (taken.get(kind) ?? 0) + 1);
      return (taken.get(kind) ?? 0) <= OF_EACH_KIND;
    })
    .map(({ entry }) => entry);
};

const jobsOf = (
  entries: readonly CatalogueEntry[],
  proxy: 'wire' | 'toxiproxy',
  { server, client }: { readonly server: KnownSubject; readonly client: KnownSubject },
): Job[] =>
  makeJobs({
    entries,
    servers: [server],
    clients: [client],
    seed: 'both',
    cell: 'local',
    proxy,
    repeat: 1,
    missing: new Map(),
  });

const nameOf = ({ plan }: Job): string => `${plan.scenario} (${plan.server}→${plan.client})`;

describe.skipIf(isSkipped)('through either proxy', () => {
  test('a scenario has the same verdict', { timeout: LIMIT_MS }, async ({ signal }) => {
    const subjects = await builtInSubjects();
    const bugs = new Map((await loadBugs()).map((bug) => [bug.name, bug]));
    const node = subjects.find(({ name }) => name === 'node');
    if (node === undefined) throw new Error('the reference subject is missing');
    const entries = chosen(await loadCatalogue(), node);
    const pairsFor = ({ scenario }: CatalogueEntry): { server: KnownSubject; client: KnownSubject }[] => {
      const bug = scenario.kills.find((name) => bugs.get(name)?.language === undefined);
      const broken = subjects.find(({ name }) => name === bug);
      const right = { server: node, client: node };
      const [fault] = scenario.faults;
      if (broken === undefined) return [right];
      const meetsServer = fault !== undefined && 'direction' in fault && fault.direction === 'upstream';
      return [right, meetsServer ? { server: broken, client: node } : { server: node, client: broken }];
    };
    const verdicts: Record<'wire' | 'toxiproxy', Record<string, string>> = { wire: {}, toxiproxy: {} };
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-both-'));
    try {
      for (const proxy of ['wire', 'toxiproxy'] as const) {
        await runPool<Job, JobOutcome>(
          {
            jobs: entries.flatMap((entry) => pairsFor(entry).flatMap((pair) => jobsOf([entry], proxy, pair))),
            cells: CELLS,
            open: async (number) => {
              const cell = await openLocalCell(number, signal);
              return proxy === 'wire' ? cell : facingToxiproxy(cell, number);
            },
            begin: (job) => new JobTask(job, join(folder, proxy), signal),
            onStart: () => undefined,
            onOutcome: (job, { result }) => {
              verdicts[proxy][nameOf(job)] = result.verdict;
              return Promise.resolve(true);
            },
          },
          signal,
        );
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    // An unknown, where the host stalled, says nothing of either proxy; but few may be that.
    const all = Object.keys(verdicts.wire);
    const definite = all.filter((name) => [verdicts.wire[name], verdicts.toxiproxy[name]].every(isDefinite));
    const of = (proxy: 'wire' | 'toxiproxy') =>
      Object.fromEntries(definite.map((name) => [name, verdicts[proxy][name]]));
    expect(Object.keys(verdicts.toxiproxy).toSorted()).toEqual(all.toSorted());
    expect(of('toxiproxy')).toEqual(of('wire'));
    expect(definite.length).toBeGreaterThanOrEqual(all.length * LEAST_DEFINITE);
    const found = Object.values(of('wire'));
    expect(new Set(found)).toEqual(new Set(['pass', 'fail']));
    // Every kind of fault, and as many bugs found as there are scenarios that name one.
    expect(entries.length).toBeGreaterThan(ON_THE_WIRE.size);
    expect(found.filter((verdict) => verdict === 'fail').length).toBeGreaterThan(ON_THE_WIRE.size);
  });
});
