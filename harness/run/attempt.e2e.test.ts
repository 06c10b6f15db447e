/**
 * What an attempt leaves behind, with subjects that do what no subject should: real processes, the real proxy.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Evidence } from '../evidence/evidence.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { judge } from '../judge/judge.ts';
import type { EvidenceRecord, RecordOf } from '../evidence/record.ts';
import { makePlan } from '../plan/make-plan.ts';
import { client } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { runAttempt } from './attempt.ts';
import type { Cell, NetworkControl, Subject } from './cell.ts';
import { openLocalCell } from './local/local-cell.ts';
import { processState } from './local/process-state.ts';

let folder: string;
let cell: Cell;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-attempt-'));
  cell = await openLocalCell(200, new AbortController().signal);
});

afterAll(async () => {
  await cell[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A subject that is a few lines of JavaScript; `say` prints an event. */
async function subject(name: string, body: string): Promise<Subject> {
  const file = join(folder, `${name}.mjs`);
  const prelude = [
    "import net from 'node:net';",
    'const { HALFOPEN_HOST: host, HALFOPEN_PORT: port } = process.env;',
    'const say = (event, more) => process.stdout.write(JSON.stringify({ event, ...more }) + "\\n");',
    "const end = () => process.stdin.on('end', () => process.exit(0)).resume();",
  ];
  await writeFile(file, [...prelude, body].join('\n'));
  return { name, command: [process.execPath, file] };
}

/** @param first what it does before it listens */
const idleServer = (first = ''): Promise<Subject> =>
  subject(
    'server',
    `${first}
     const server = net.createServer({ allowHalfOpen: true }, (socket) => {
       say('accepted', { conn: 1, peerPort: socket.remotePort });
       socket.on('end', () => { say('eof', { conn: 1 }); socket.end(); });
       socket.on('error', () => {});
       socket.on('close', () => say('closed', { conn: 1 }));
       socket.resume();
     });
     server.listen(0, host, () => say('listening', { port: server.address().port }));
     end();`,
  );

const connectingClient = (): Promise<Subject> =>
  subject(
    'client',
    `say('connecting', { conn: 1, key: 1 });
     const socket = net.connect({ host, port, allowHalfOpen: true }, () => {
       say('connected', { conn: 1, localPort: socket.localPort });
       socket.end();
     });
     socket.on('end', () => say('eof', { conn: 1 }));
     socket.on('error', (error) => say('failed', { conn: 1, op: 'connect', code: error.code === 'ECONNREFUSED' ? 'refused' : 'other' }));
     socket.on('close', () => { say('closed', { conn: 1 }); say('done'); });
     socket.resume();
     end();`,
  );

interface Case {
  readonly server?: Subject;
  readonly client?: Subject;
  readonly scenario?: Partial<ScenarioInput>;
  readonly limits?: Partial<{ startMs: number; exchangeMs: number; graceMs: number }>;
  readonly signal?: AbortSignal;
  readonly cell?: Cell;
}

let number = 0;

async function attempt(how: Case): Promise<Evidence> {
  const scenario = defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload: 'connect',
    params: {},
    expect: [client.completes()],
    ...how.scenario,
  });
  const placement = { cell: 'local', proxy: 'wire', server: 's', client: 'c', seed: '1', variant: 'fault' } as const;
  const plan = makePlan('group/claim', scenario, placement);
  const limits = { ...plan.limits, exchangeMs: 4_000, graceMs: 1_000, ...how.limits };
  number += 1;
  const evidence = join(folder, String(number));
  const cast = { server: how.server ?? (await idleServer()), client: how.client ?? (await connectingClient()) };
  const stage = { cell: how.cell ?? cell, folder: evidence };
  await runAttempt({ ...plan, limits }, cast, stage, how.signal ?? new AbortController().signal);
  return readEvidence(evidence);
}

function of<Kind extends EvidenceRecord['kind']>(evidence: Evidence, kind: Kind): RecordOf<Kind>[] {
  return evidence.records.filter((record): record is RecordOf<Kind> => record.kind === kind);
}

const events = (evidence: Evidence, role: string): string[] =>
  of(evidence, 'event')
    .filter((record) => record.role === role)
    .map((record) => record.event.event);

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

function expectNothingLeft(evidence: Evidence): void {
  const pids = of(evidence, 'spawned').map(({ pid }) => pid ?? 0);
  expect(pids.filter(alive)).toEqual([]);
}

describe('an exchange that goes well', () => {
  test("leaves both sides' events, the wire's events, two exits and its end", async () => {
    const evidence = await attempt({});
    expect(events(evidence, 'client')).toEqual(['connecting', 'connected', 'eof', 'closed', 'done']);
    expect(events(evidence, 'server')).toEqual(['listening', 'accepted', 'eof', 'closed']);
    expect(evidence.wire.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['listening', 'accepted', 'dialed', 'fin-read', 'fin-wrote', 'closed', 'stopped']),
    );
    expect(of(evidence, 'exited').map(({ status }) => status)).toEqual([0, 0]);
    expect(of(evidence, 'finished')).toHaveLength(1);
    expect(evidence.damage).toEqual([]);
  });

  test("has a reading of its own of the cell's clock, which drifts while a cell is kept", async () => {
    const readings = [
      { aheadMicros: 40, errorMs: 0.5 },
      { aheadMicros: -90, errorMs: 0.25 },
    ];
    let read = 0;
    const drifting = { ...cell, readClock: () => Promise.resolve(readings[read++] ?? null) };
    for (const reading of readings) {
      const evidence = await attempt({ cell: drifting });
      expect(of(evidence, 'clock')).toMatchObject([reading]);
    }
  });

  test("ends a server's input only after the server has closed its connections", async () => {
    const { records } = await attempt({});
    const closed = records.findIndex(
      (each) => each.kind === 'event' && each.role === 'server' && each.event.event === 'closed',
    );
    const ended = records.findIndex((each) => each.kind === 'input-ended' && each.role === 'server');
    expect(closed).toBeGreaterThan(-1);
    expect(ended).toBeGreaterThan(closed);
  });

  test('a server with a socket of its own for something else is not taken for one that keeps a connection', async () => {
    const log = `const { createSocket } = await import('node:dgram');
      await new Promise((bound) => createSocket('udp4').bind(0, host, bound));`;
    const evidence = await attempt({ server: await idleServer(log) });
    const held = of(evidence, 'reading').filter(({ role }) => role === 'server');
    expect(held.map(({ sockets }) => sockets['socket'])).toEqual(process.platform === 'linux' ? [1, 1] : []);
    const { checks } = judge(evidence);
    expect(checks.filter(({ name, outcome }) => name === 'released' && outcome === 'fail')).toEqual([]);
  });
});

describe('a subject that misbehaves is written down, and the attempt goes on to its end', () => {
  test('one that does not exist', async () => {
    const evidence = await attempt({ server: { name: 'none', command: ['/nowhere/none'] } });
    expect(of(evidence, 'unstartable')).toEqual([expect.objectContaining({ role: 'server' })]);
    expect(of(evidence, 'finished')).toHaveLength(1);
  });

  test('one that never listens is overdue and ended', async () => {
    const evidence = await attempt({
      server: await subject('deaf', 'setInterval(() => {}, 1000);'),
      limits: { startMs: 300 },
    });
    expect(of(evidence, 'overdue')).toEqual([
      expect.objectContaining({ role: 'server', limit: 'start', limitMs: 300 }),
    ]);
    expectNothingLeft(evidence);
  });

  test('one that exits at once', async () => {
    const evidence = await attempt({ server: await subject('quitter', "console.error('no'); process.exit(3);") });
    expect(of(evidence, 'exited')).toEqual([expect.objectContaining({ role: 'server', status: 3 })]);
    expect(of(evidence, 'spawned')).toHaveLength(1);
  });

  test('one that prints garbage', async () => {
    const evidence = await attempt({ client: await subject('babbler', "console.log('hello'); process.exit(0);") });
    expect(of(evidence, 'garbage')).toEqual([
      expect.objectContaining({ role: 'client', line: 'hello', problem: 'not JSON' }),
    ]);
  });

  test('one that floods its output is cut off at the limit, and memory with it', async () => {
    const body =
      "const line = 'x'.repeat(65536) + '\\n'; for (let i = 0; i < 700; i += 1) process.stdout.write(line); end();";
    const evidence = await attempt({ client: await subject('flood', body), limits: { exchangeMs: 2_000 } });
    expect(of(evidence, 'flooded')).toEqual([expect.objectContaining({ role: 'client' })]);
    expect(of(evidence, 'garbage').length).toBeLessThanOrEqual(20);
  });

  test('one that prints events without end is ended at the limit, long before it is overdue', async () => {
    const body = 'setInterval(() => process.stdout.write(\'{"event":"heard","conn":1}\\n\'.repeat(1000)), 0);';
    const evidence = await attempt({ client: await subject('chatter', body), limits: { exchangeMs: 60_000 } });
    expect(of(evidence, 'flooded')).toEqual([expect.objectContaining({ role: 'client', limit: 200_000, of: 'lines' })]);
    expect(of(evidence, 'signalled')).toContainEqual(expect.objectContaining({ role: 'client', why: 'flood' }));
    expect(of(evidence, 'left-out')).toEqual([]);
    expect(of(evidence, 'overdue')).toEqual([]);
    expect(judge(evidence)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('contract') as string,
    });
  });

  test('one that ignores the end of its input is overdue and ended', async () => {
    const body =
      "say('connecting', { conn: 1, key: 1 }); say('done'); process.stdin.resume(); setInterval(() => {}, 1000);";
    const evidence = await attempt({ client: await subject('stayer', body), limits: { graceMs: 300 } });
    expect(of(evidence, 'overdue')).toEqual([expect.objectContaining({ role: 'client', limit: 'grace' })]);
    expectNothingLeft(evidence);
  });

  test('one that leaves a descendant behind, holding its output, is done with in time, and the descendant is ended', async () => {
    const body = `const { spawn } = await import('node:child_process');
      const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
      left.unref();
      process.stderr.write('left ' + left.pid);
      say('connecting', { conn: 1, key: 1 }); say('done'); end();`;
    const startedMs = performance.now();
    const evidence = await attempt({ client: await subject('parent', body) });
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    expect(of(evidence, 'finished')).toHaveLength(1);
    const [, pid = '0'] = /left (\d+)/.exec(await readFile(join(folder, String(number), 'client.log'), 'utf8')) ?? [];
    expect(Number(pid)).toBeGreaterThan(0);
    // A signal takes effect when its process next runs, and whoever inherits that may be slow to read its exit status.
    await expect.poll(() => processState(Number(pid))).toSatisfy((state) => state === null || state === 'Z');
  });

  test('one that leaves a descendant in a session of its own, holding nothing, has it ended, and that is on record', async () => {
    const body = `const { spawn } = await import('node:child_process');
      const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      left.unref();
      process.stderr.write('left ' + left.pid);
      say('connecting', { conn: 1, key: 1 }); say('done'); end();`;
    const evidence = await attempt({ client: await subject('quiet-parent', body) });
    const [, pid = '0'] = /left (\d+)/.exec(await readFile(join(folder, String(number), 'client.log'), 'utf8')) ?? [];
    expect(of(evidence, 'left-behind')).toEqual([expect.objectContaining({ role: 'client', pids: [Number(pid)] })]);
    await expect.poll(() => processState(Number(pid))).toSatisfy((state) => state === null || state === 'Z');
  });

  test('one that hangs in its exchange is overdue and ended', async () => {
    const evidence = await attempt({
      client: await subject('hang', 'setInterval(() => {}, 1000);'),
      limits: { exchangeMs: 400 },
    });
    expect(of(evidence, 'overdue')).toEqual([expect.objectContaining({ role: 'client', limit: 'exchange' })]);
    expectNothingLeft(evidence);
  });
});

describe('faults', () => {
  test('of the network are made ready while the server starts, and before the client does', async () => {
    const done: string[] = [];
    const [asked, started] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const start: Cell['start'] = async (role, ...more) => {
      if (role === 'server') await asked.promise;
      done.push(`${role} starts`);
      const process = await cell.start(role, ...more);
      started.resolve();
      return process;
    };
    const network: NetworkControl = {
      prepare: async ({ kind }) => {
        asked.resolve();
        await started.promise;
        done.push(`${kind} is ready`);
      },
      install: () => Promise.resolve({ answer: 'in force', delivery: null, lift: null }),
    };
    const evidence = await attempt({
      cell: { ...cell, start, network },
      scenario: { faults: [{ kind: 'cut', role: 'client', forMs: 100 }] },
    });
    expect(done).toEqual(['server starts', 'cut is ready', 'client starts']);
    expect(of(evidence, 'finished')).toHaveLength(1);
  });

  test('refuse: the client is refused, and the kernel shows that nothing listens', async () => {
    const evidence = await attempt({ scenario: { faults: [{ kind: 'refuse' }] } });
    expect(of(evidence, 'event').map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ event: 'failed', code: 'refused' }),
    );
    expect(evidence.receipts).toEqual([
      expect.objectContaining({
        kind: 'refuse',
        error: null,
        delivered: expect.objectContaining({ grade: 'kernel' }) as unknown,
      }),
    ]);
  });

  test("freeze: the process is stopped by the kernel's word, and runs again once lifted", async () => {
    const evidence = await attempt({
      scenario: {
        faults: [{ kind: 'freeze', role: 'server', when: { on: 'event', role: 'client', event: 'connected' } }],
      },
      limits: { exchangeMs: 700 },
    });
    const [receipt] = evidence.receipts;
    expect(receipt?.delivered).toMatchObject({ grade: 'kernel', proof: expect.stringContaining('state T') as unknown });
    expect(receipt?.lifted?.acknowledgedAtMs).toBeGreaterThan(receipt?.delivered?.latestMs ?? Infinity);
    expect(of(evidence, 'exited').find(({ role }) => role === 'server')).toMatchObject({ status: 0, signal: null });
  });

  test('kill: the process ends by SIGKILL', async () => {
    const evidence = await attempt({
      scenario: {
        faults: [{ kind: 'kill', role: 'server', when: { on: 'event', role: 'client', event: 'connecting' } }],
      },
    });
    expect(of(evidence, 'exited').find(({ role }) => role === 'server')).toMatchObject({ signal: 'SIGKILL' });
    expect(evidence.receipts[0]?.delivered?.grade).toBe('kernel');
  });

  test.each([
    ['an event of the client', 'connecting', 'client'],
    ['the listening, which is there before faults are armed', 'listening', 'server'],
  ] as const)('one that comes some time after %s comes no earlier', async (_title, event, role) => {
    const when = { on: 'event', role, event, afterMs: 300 } as const;
    const hanging = await subject(
      'hang3',
      "say('connecting', { conn: 1, key: 1 }); end(); setTimeout(() => say('done'), 800);",
    );
    const evidence = await attempt({
      client: hanging,
      scenario: { faults: [{ kind: 'freeze', role: 'server', when }] },
    });
    const atMs = of(evidence, 'event').find((record) => record.event.event === event)?.atMs ?? Infinity;
    const [receipt] = evidence.receipts;
    expect((receipt?.asked?.atMs ?? 0) - atMs).toBeGreaterThanOrEqual(299);
    expect(receipt?.delivered?.grade).toBe('kernel');
  });

  test('kill: a process that had ended by itself was not killed, and no receipt says so', async () => {
    const body =
      "net.createServer(() => {}).listen(0, host, function () { say('listening', { port: this.address().port }); setTimeout(() => process.exit(0), 50); });";
    const slow = await subject(
      'slow',
      "setTimeout(() => { say('connecting', { conn: 1, key: 1 }); say('done'); }, 600); end();",
    );
    const evidence = await attempt({
      server: await subject('leaver', body),
      client: slow,
      scenario: {
        faults: [{ kind: 'kill', role: 'server', when: { on: 'event', role: 'client', event: 'connecting' } }],
      },
    });
    expect(evidence.receipts).toEqual([
      expect.objectContaining({ delivered: null, error: expect.objectContaining({ step: 'install' }) as unknown }),
    ]);
  });

  test('one that waits for an event that never comes is recorded as not asked', async () => {
    const evidence = await attempt({
      scenario: { faults: [{ kind: 'kill', role: 'server', when: { on: 'event', role: 'client', event: 'heard' } }] },
    });
    expect(evidence.receipts).toEqual([expect.objectContaining({ asked: null, acknowledged: null, delivered: null })]);
  });

  test('one that cannot be installed is told, and the attempt goes on', async () => {
    const evidence = await attempt({ scenario: { faults: [{ kind: 'freeze', role: 'client' }] } });
    expect(evidence.receipts).toEqual([
      expect.objectContaining({ delivered: null, error: { step: 'install', message: 'the client is not running' } }),
    ]);
    expect(of(evidence, 'finished')).toHaveLength(1);
  });
});

test('an interrupted attempt says so, and leaves no process behind', async () => {
  const stop = new AbortController();
  const hanging = await subject('hang2', "say('connecting', { conn: 1, key: 1 }); setInterval(() => {}, 1000);");
  setTimeout(() => stop.abort('SIGINT'), 400);
  const evidence = await attempt({ client: hanging, signal: stop.signal, limits: { exchangeMs: 10_000 } });
  expect(of(evidence, 'interrupted')).toHaveLength(1);
  expect(of(evidence, 'finished')).toHaveLength(0);
  expectNothingLeft(evidence);
});

test('a proxy that dies under an attempt is a failure of the harness, and its cell is not used again', async () => {
  await using dying = await openLocalCell(201, new AbortController().signal);
  // Longer than it takes to find and to end the proxy.
  const body = "say('connecting', { conn: 1, key: 1 }); setTimeout(() => say('done'), 3000); end();";
  const waiting = await subject('waiting', body);
  expect(await dying.isSound()).toBe(true);
  setTimeout(() => void killProxyOf(dying), 150);
  const evidence = await attempt({ client: waiting, cell: dying });
  expect(of(evidence, 'setup-failed')).toHaveLength(1);
  expect(await dying.isSound()).toBe(false);
  expectNothingLeft(evidence);
});

/** Ends the proxy of a cell, as a crash would. */
async function killProxyOf({ proxyHost }: Cell): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (command.includes('proxy/main.ts') && command.includes(`--host\0${proxyHost}\0`)) process.kill(pid, 'SIGKILL');
  }
}
