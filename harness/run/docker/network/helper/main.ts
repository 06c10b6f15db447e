/**
 * The network helper: faults of packets in the network namespace that it was put into.
 *
 * Owns the rules it made there: whatever is still in force when its standard input ends is taken back before it exits, so
 * that a harness that is gone leaves no fault behind.
 */
import { createInterface } from 'node:readline';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { READY } from './request.ts';
import type { HelperAnswer, HelperRequest } from './request.ts';
import { bucketsMade, nftTable, overlimits, packetsTaken, TABLE_PREFIX, tablesMade } from './rules.ts';
import type { Fate, Taken } from './rules.ts';

const run = promisify(execFile);

/** What takes each fault in force back, and tells how often it did something. */
const inForce = new Map<string, () => Promise<number>>();

async function carryOut(request: HelperRequest): Promise<number> {
  switch (request.do) {
    case 'drop':
      return take(request.id, request, 'drop');
    case 'reject':
      return take(request.id, OPENINGS, `reject with icmp type ${request.icmp}`);
    case 'rate':
      return limitRate(request);
    case 'kill-sockets':
      return killSockets();
    case 'count-rules':
      return countRules();
    case 'lift': {
      const lift = inForce.get(request.id);
      if (lift === undefined) throw new Error(`${request.id} is not in force`);
      const count = await lift();
      inForce.delete(request.id);
      return count;
    }
  }
}

/** Every packet that would open a connection to elsewhere. */
const OPENINGS: Taken = { hook: 'output', packets: 'syn', oneIn: 1 };

async function take(id: string, taken: Taken, fate: Fate): Promise<number> {
  const table = `${TABLE_PREFIX}${id}`;
  await run('nft', [nftTable(table, taken, fate)]);
  inForce.set(id, async () => {
    const { stdout } = await run('nft', ['--json', 'list', 'counters', 'table', 'inet', table]);
    await run('nft', ['delete', 'table', 'inet', table]);
    return packetsTaken(stdout);
  });
  return 0;
}

/** A token bucket (man 8 tc-tbf) in front of every way out; what has to wait is kept, never dropped. */
async function limitRate({ id, kilobytesPerSecond }: { id: string; kilobytesPerSecond: number }): Promise<number> {
  const { stdout } = await run('ip', ['-json', 'link', 'show']);
  const links = JSON.parse(stdout) as { ifname: string }[];
  const devices = links.map(({ ifname }) => ifname).filter((name) => name !== 'lo');
  for (const device of devices) {
    const bucket = ['tbf', 'rate', `${kilobytesPerSecond * 8}kbit`, 'burst', '4096', 'limit', '4mb'];
    await run('tc', ['qdisc', 'add', 'dev', device, 'root', ...bucket]);
  }
  inForce.set(id, async () => {
    const shown = await run('tc', ['-json', '-statistics', 'qdisc', 'show']);
    for (const device of devices) await run('tc', ['qdisc', 'delete', 'dev', device, 'root']);
    return overlimits(shown.stdout);
  });
  return 0;
}

/** What both sides have ended is no connection any more: there is nothing to abort, and nobody would see it. */
const LIVING = ['state', 'connected', ...['time-wait', 'last-ack', 'closing'].flatMap((state) => ['exclude', state])];

/** `ss --kill` (man 8 ss) prints each socket that the kernel has closed. */
async function killSockets(): Promise<number> {
  const { stdout } = await run('ss', ['--kill', '--tcp', '--numeric', '--no-header', ...LIVING]);
  return stdout.split('\n').filter((line) => line.trim() !== '').length;
}

async function countRules(): Promise<number> {
  const tables = await run('nft', ['--json', 'list', 'tables']);
  const qdiscs = await run('tc', ['-json', 'qdisc', 'show']);
  return tablesMade(tables.stdout) + bucketsMade(qdiscs.stdout);
}

async function answer(line: string): Promise<HelperAnswer> {
  try {
    return { ok: true, count: await carryOut(JSON.parse(line) as HelperRequest) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

console.log(JSON.stringify(READY));
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(line)));
// The harness has gone, or has no more use for it: nothing stays.
for (const lift of inForce.values()) {
  await lift().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
