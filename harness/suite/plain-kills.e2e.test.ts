/**
 * Every plain scenario can fail: for each a broken pair, of programs as people write them, which works without faults and
 * is caught by it, by a sentence that tells of what is wrong with it.
 *
 * One run of all, in several cells: most of it is waiting.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';
import { afterAll, beforeAll, describe, test } from 'vitest';

import { plainClientSchema, plainServerSchema } from '../contract/plain-subject.ts';
import type { Result } from '../evidence/run.ts';
import { loadPlainCatalogue } from './catalogue.ts';
import { makePlainJobs } from './plain-job.ts';
import type { PlainJob } from './plain-job.ts';
import { runSuite } from './run-suite.ts';

const CELLS = 3;
const WITHIN_MS = 2000;
const LIMIT_MS = 120_000;

const serving = (options: string, each: string): string => `
const { createServer } = require('node:net');
const [host, port] = process.argv.slice(2);
const answer = 'x'.repeat(20000);
createServer(${options}, (socket) => {
  let request = '';
  const whole = (then) => socket.on('data', (chunk) => { request += chunk; if (request.endsWith('\\n')) then(); });
  ${each}
}).listen(Number(port), host);`;
const CAREFUL = "socket.on('error', () => socket.destroy()); socket.setTimeout(1500, () => socket.destroy());";

const asking = (how: string): string => `
const { connect } = require('node:net');
const [host, port] = process.argv.slice(2);
const socket = connect(Number(port), host);
let text = '';
process.exitCode = 1;
socket.on('error', () => process.exit(2));
socket.on('close', () => process.exit());
const say = (what) => process.stdout.write(what, () => process.exit(0));
const deadline = (ms) => setTimeout(() => process.exit(3), ms);
${how}
socket.write('give me all\\n');`;
const TO_THE_WHOLE = "socket.on('data', (chunk) => { text += chunk; if (text.length === 20000) say(text); });";

const SERVERS = {
  right: serving('{}', `${CAREFUL} whole(() => socket.end(answer));`),
  http: `require('node:http').createServer((request, response) => response.end('x'.repeat(20000)))
    .listen(Number(process.argv[3]), process.argv[2]);`,
  /** Forty records, each in a write of its own. */
  records: serving(
    '{}',
    `${CAREFUL}
    let left = 40;
    const record = () => {
      if (left > 0) setTimeout(record, 10);
      if (left > 0) socket.write('x'.repeat(500));
      else socket.end();
      left -= 1;
    };
    whole(record);`,
  ),
  /** One line for each line, ten times. */
  'line-by-line': serving(
    '{}',
    `${CAREFUL} let left = 10; socket.on('data', () => { left -= 1; if (left === 0) socket.end('x'); else socket.write('x'); });`,
  ),
  'dies-of-reset': serving('{}', 'whole(() => socket.end(answer));'),
  /** Takes the next client when the one before has ended: one that is reset never does. */
  'one-at-a-time': `const waiting = [];
    const next = () => { waiting.shift(); waiting[0]?.(); };
    ${serving(
      '{ pauseOnConnect: true }',
      `socket.on('error', () => {}).on('end', next);
      waiting.push(() => { socket.resume(); whole(() => socket.end(answer)); });
      if (waiting.length === 1) waiting[0]();`,
    )}`,
} as const;

const CLIENTS = {
  right: asking(`deadline(1000); ${TO_THE_WHOLE}`),
  'no-deadline': asking(TO_THE_WHOLE),
  'until-end': asking("deadline(1000); socket.on('data', (chunk) => { text += chunk; }).on('end', () => say(text));"),
  'first-piece': asking("deadline(1000); socket.on('data', (chunk) => say(chunk));"),
  /** Has had enough when it has read often enough. */
  'a-read-a-record': asking(
    "deadline(1400); let reads = 0; socket.on('data', () => { reads += 1; }).on('end', () => { if (reads > 20) say('all'); });",
  ),
  /** Its deadline is for a line where none takes long. */
  'ten-lines-in-a-second': asking(
    "deadline(1000); socket.on('data', (chunk) => { text += chunk; if (text.length === 10) say(text); else socket.write('more\\n'); });",
  ),
} as const;

/** Of a pipe a shell tells the last status alone. */
const PIPED = "curl --silent --max-time 1 'http://{host}:{port}/' | cat";
/** What went wrong does not matter, as long as there is something to print. */
const HIDES = "curl --silent --max-time 1 'http://{host}:{port}/' || printf '%20000s' x";
const PATIENT = "curl --silent 'http://{host}:{port}/'";

interface Pair {
  readonly server: keyof typeof SERVERS;
  readonly client: keyof typeof CLIENTS | { readonly shell: string };
  /** What the verdict's sentence has, where it tells of this bug. */
  readonly told: RegExp;
}

const LATE = /^ends-in-time: /;
const UNTRUE = /^truthful: .*(as if all were well|printed)/;

const KILLS: Readonly<Record<string, Pair>> = {
  'plain/a-connect-that-hangs-is-given-up': { server: 'right', client: 'no-deadline', told: LATE },
  'plain/a-frozen-server-is-not-waited-for': { server: 'http', client: { shell: PATIENT }, told: LATE },
  'plain/a-refused-connection-is-told': { server: 'http', client: { shell: HIDES }, told: UNTRUE },
  'plain/a-request-cut-half-way-harms-nobody-else': {
    server: 'dies-of-reset',
    client: 'right',
    told: /^stays-up: /,
  },
  'plain/a-request-that-stops-half-way-harms-nobody-else': {
    server: 'one-at-a-time',
    client: 'right',
    told: /^serves-again: /,
  },
  'plain/an-answer-cut-by-fin-is-no-success': { server: 'right', client: 'until-end', told: UNTRUE },
  'plain/an-answer-cut-by-rst-is-no-success': { server: 'http', client: { shell: PIPED }, told: UNTRUE },
  'plain/an-answer-that-never-comes-is-not-waited-for': { server: 'right', client: 'no-deadline', told: LATE },
  'plain/an-answer-that-stops-half-way-is-not-waited-for': { server: 'http', client: { shell: PATIENT }, told: LATE },
  'plain/an-end-before-the-answer-is-no-success': { server: 'http', client: { shell: PIPED }, told: UNTRUE },
  'plain/bytes-in-small-pieces-come-to-the-same': { server: 'right', client: 'first-piece', told: UNTRUE },
  'plain/joined-bytes-come-to-the-same': { server: 'records', client: 'a-read-a-record', told: /^truthful: / },
  'plain/late-bytes-come-to-the-same': { server: 'line-by-line', client: 'ten-lines-in-a-second', told: /^truthful: / },
};

const catalogue = await loadPlainCatalogue();
let folder: string;
const results = new Map<string, Result>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-plain-kills-'));
  const jobs = (await Promise.all(Object.entries(KILLS).map(([id, pair]) => jobsFor(id, pair)))).flat();
  const request = { jobs, cells: CELLS, reports: folder, seed: 'kills', command: [], untilFail: false };
  const run = await runSuite(request, () => {}, new AbortController().signal);
  for (const result of run.results) results.set(result.scenario, result);
}, LIMIT_MS);

afterAll(() => rm(folder, { recursive: true }));

async function programOf(name: string, text: string): Promise<string[]> {
  await writeFile(join(folder, `${name}.cjs`), text);
  return [process.execPath, join(folder, `${name}.cjs`), '{host}', '{port}'];
}

async function jobsFor(id: string, { server, client }: Pair): Promise<PlainJob[]> {
  const name = typeof client === 'string' ? client : 'shell';
  const command = typeof client === 'string' ? await programOf(client, CLIENTS[client]) : ['sh', '-c', client.shell];
  const asked = v.parse(plainClientSchema, { plain: 'client', command, withinMs: WITHIN_MS });
  const serves = await programOf(`server-${server}`, SERVERS[server]);
  return makePlainJobs({
    entries: catalogue.filter((entry) => entry.id === id),
    servers: [{ name: server, program: v.parse(plainServerSchema, { plain: 'server', command: serves }), given: null }],
    clients: [{ name, program: asked, given: null }],
    seed: 'kills',
    cell: 'local',
    repeat: 1,
    variant: 'fault',
  });
}

test('there is a broken pair for every plain scenario', ({ expect }) => {
  expect(Object.keys(KILLS).toSorted()).toEqual(catalogue.map(({ id }) => id).toSorted());
});

describe('a broken pair that works without faults', () => {
  test.for(Object.entries(KILLS))('is caught by %s', ([id, { told }], { expect }) => {
    const result = results.get(id);
    expect(result?.verdict, result?.reason).toBe('fail');
    expect(result?.reason).toMatch(told);
    expect(result?.durationMs).toBeGreaterThanOrEqual(told === LATE ? WITHIN_MS : 0);
  });
});
