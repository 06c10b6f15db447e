import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import * as net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SubjectProcess, type Start } from '../node/subject-process.ts';

const here = new URL('.', import.meta.url);

interface Bug {
  readonly name: string;
  readonly bug: string;
  readonly violates: string;
  readonly publicCase: string;
  /** Absent: TypeScript. */
  readonly language?: string;
}

function isBug(value: unknown): value is Bug {
  const keys = ['name', 'bug', 'violates', 'publicCase'];
  return (
    typeof value === 'object' && value !== null && keys.every((key) => typeof Reflect.get(value, key) === 'string')
  );
}

const listed: unknown = JSON.parse(readFileSync(new URL('bugs.json', here), 'utf8'));
const BUGS = Array.isArray(listed) ? listed.filter(isBug) : [];

const TURNS = ['connect', 'echo', 'reconnect'];
const ALL = [...TURNS, 'pipeline', 'upload', 'download', 'idle', 'slow-reader'];
/** The classic six; the others are run with the fault off by the kill matrix. */
const SPEAKS: Readonly<Record<string, readonly string[]>> = {
  'one-recv-taken-for-one-message': TURNS,
  'header-assumed-whole': TURNS,
  'eof-inside-a-message-delivered': ALL.filter((workload) => workload !== 'upload'),
  'no-deadline': ALL,
  'deadline-restarts-with-every-byte': ALL,
  'dead-peer-never-noticed': ALL,
};

function start(name: string, options: Omit<Start, 'program'>): SubjectProcess {
  const subject = new SubjectProcess({ ...options, program: `../broken/${name}.ts` });
  onTestFinished(async () => await subject[Symbol.asyncDispose]());
  return subject;
}

/** A server of bare bytes that the broken client meets. */
async function bareServer(serve: (peer: net.Socket) => void): Promise<number> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (peer) => {
    peer.on('error', () => {});
    onTestFinished(() => {
      peer.destroy();
    });
    serve(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function echoOf(wire: Buffer): Buffer {
  return Buffer.concat([wire.subarray(0, 4), wire.subarray(4).map((byte) => byte ^ 0xff)]);
}

/** Where the programs of a language lie, which files there are none of them, and how the text before the code is marked. */
const FOLDERS = [
  {
    language: 'typescript',
    folder: './',
    others: ['speaks.ts', 'deliver-the-rest.ts', 'broken.e2e.test.ts', 'bugs.json'],
    fileOf: (name: string) => `${name}.ts`,
    begins: '/**\n * ',
    ends: '*/',
  },
  {
    language: 'python',
    folder: 'python/',
    others: ['correct.py'],
    fileOf: (name: string) => `${name.replaceAll('-', '_')}.py`,
    begins: '"""',
    ends: '"""\n',
  },
];

test.each(FOLDERS)(
  'every $language subject is listed with its bug, and names it where it begins',
  ({ language, folder, others, fileOf, begins, ends }) => {
    const place = new URL(folder, here);
    const files = readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !others.includes(entry.name))
      .map(({ name }) => name);
    const written = BUGS.filter((bug) => (bug.language ?? 'typescript') === language);
    expect(written.map(({ name }) => fileOf(name)).toSorted()).toEqual(files.toSorted());
    for (const { name, violates, publicCase } of written) {
      const text = readFileSync(new URL(fileOf(name), place), 'utf8');
      const head = text.slice(0, text.indexOf(ends, begins.length)).replaceAll('"', '').replaceAll(/^ \* /gm, '');
      expect(text.startsWith(`${begins}Bug: `), name).toBe(true);
      expect(head, name).toMatch(/^Violates: (HOWTO|CONTRACT|RFC \d+), /m);
      expect(head, name).toContain(`Violates: ${passageOf(violates)}:`);
      expect(head, name).toContain(`Public case: ${publicCase}`);
    }
  },
);

/** `HOWTO, Using a Socket`, without what it requires. */
function passageOf(violates: string): string {
  return violates.split(':')[0] ?? '';
}

describe.each(Object.entries(SPEAKS))('%s', (name, workloads) => {
  test.each(workloads)('plays a clean run of %s', async (workload) => {
    const params = { messages: 3, messageBytes: 200, durationMs: 200, heartbeatMs: 50 };
    const server = start(name, { role: 'server', workload, port: 0, params });
    const client = start(name, { role: 'client', workload, port: await server.port(), params });
    await client.event('done');
    expect([await client.end(), await server.end()]).toEqual([0, 0]);
    const failures = [...client.events, ...server.events].filter(({ event }) => event === 'failed');
    expect(failures).toEqual([]);
  });
});

describe('each bug bites', () => {
  const params = { messages: 1, messageBytes: 200, ioTimeoutMs: 400 };

  test('one recv is taken for one message', async () => {
    const port = await bareServer((peer) => {
      peer.once('data', (wire: Buffer) => {
        peer.write(echoOf(wire).subarray(0, 100));
      });
    });
    const client = start('one-recv-taken-for-one-message', { role: 'client', workload: 'echo', port, params });
    await client.event('closed');
    expect(client.story().slice(-3)).toEqual(['received', 'failed recv mismatch', 'closed']);
  });

  test('a torn header is misread', async () => {
    const port = await bareServer((peer) => {
      peer.once('data', (wire: Buffer) => {
        peer.write(wire.subarray(0, 2));
        setTimeout(() => peer.write(echoOf(wire).subarray(2)), 100);
      });
    });
    const client = start('header-assumed-whole', { role: 'client', workload: 'echo', port, params });
    await client.event('closed');
    expect(client.story()).not.toContain('eof');
    expect(client.story().at(-2)).toMatch(/^failed recv /);
  });

  test('a part of a message is delivered at the end of the stream', async () => {
    const port = await bareServer((peer) => {
      peer.once('data', (wire: Buffer) => peer.end(echoOf(wire).subarray(0, 100)));
    });
    const client = start('eof-inside-a-message-delivered', { role: 'client', workload: 'echo', port, params });
    expect(await client.event('received')).toMatchObject({ bytes: 96 });
  });

  test.each(['no-deadline', 'deadline-restarts-with-every-byte'])('%s outlives the time of a message', async (name) => {
    const port = await bareServer((peer) => {
      peer.once('data', (wire: Buffer) => {
        const echo = echoOf(wire);
        let at = 0;
        const drip = setInterval(() => {
          peer.write(echo.subarray(at, at + 8));
          at += 8;
          if (at >= echo.length) clearInterval(drip);
        }, 50);
        peer.on('close', () => clearInterval(drip));
      });
      peer.on('end', () => peer.end());
    });
    const client = start(name, { role: 'client', workload: 'echo', port, params });
    const received = await client.event('received');
    expect((received.at ?? 0) - ((await client.event('sent')).at ?? 0)).toBeGreaterThan(params.ioTimeoutMs * 1000);
  });

  test('a peer that is silent for long is not noticed', async () => {
    const port = await bareServer((peer) => {
      peer.resume().on('end', () => peer.end());
    });
    const silence = { durationMs: 600, heartbeatMs: 50, deadPeerMs: 200 };
    const client = start('dead-peer-never-noticed', { role: 'client', workload: 'idle', port, params: silence });
    await client.event('closed');
    expect(client.story().slice(-3)).toEqual(['shutdown', 'eof', 'closed']);
  });
});

test('a workload that would show the bug on a clean network is unsupported', async () => {
  const client = start('header-assumed-whole', { role: 'client', workload: 'pipeline', port: 1 });
  expect(await client.exited()).toBe(127);
  expect(client.lines).toEqual(['{"event":"unsupported"}']);
});
