/**
 * `halfopen judge DIR` on a run of real processes that holds a fail, an unknown and a plain pair's fail: every verdict and
 * `run.json` stay as they are, to the byte.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { plainClientSchema, plainServerSchema } from '../contract/plain-subject.ts';
import { ATTEMPT_FILES, RUN_FILES } from '../evidence/folder.ts';
import type { Result, Run } from '../evidence/run.ts';
import { client } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { loadCatalogue, loadPlainCatalogue } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { makeJobs } from './job.ts';
import { makePlainJobs } from './plain-job.ts';
import { runSuite } from './run-suite.ts';
import { builtInSubjects } from './subjects.ts';

const COMMAND = fileURLToPath(new URL('../cli/halfopen.js', import.meta.url));
const CELLS = 3;
/** One attempt of each but of the unknown, which is tried three times. */
const ATTEMPTS = 5;
const EXIT_FAIL = 1;

/** A fault that waits for an answer more than the exchange has. */
const NEVER_DELIVERED: CatalogueEntry = {
  id: 'disconnect/a-reset-that-never-comes',
  scenario: defineScenario({
    claim: 'A reset that waits for what never happens proves nothing',
    source: { passage: 'CONTRACT, Workloads', requires: 'An echo client has as many answers as it sent messages' },
    workload: 'echo',
    params: { messages: 2, messageBytes: 64 },
    faults: [
      {
        kind: 'reset',
        direction: 'downstream',
        at: { message: 1, inside: 'payload' },
        when: { on: 'event', role: 'client', event: 'received', nth: 3 },
      },
    ],
    expect: [client.completes()],
  }),
};

const SERVER = `require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('x'.repeat(1000)));
}).listen(Number(process.argv[3]), process.argv[2]);`;
/** Takes whatever came before the end for its answer. */
const CLIENT = `const socket = require('node:net').connect(Number(process.argv[3]), process.argv[2]);
socket.on('error', () => process.exit(2));
socket.pipe(process.stdout);
socket.write('give me all');`;

let folder: string;
let run: Run;
let place: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-judge-again-'));
  place = join(folder, 'latest');
  const jobs = [...(await contractJobs()), ...(await plainJobs())];
  const request = { jobs, cells: CELLS, reports: folder, seed: 'again', command: [], untilFail: false };
  run = await runSuite(request, () => {}, new AbortController().signal);
});

afterAll(() => rm(folder, { recursive: true }));

async function contractJobs() {
  const subjects = await builtInSubjects();
  const cut = (await loadCatalogue()).find(({ id }) => id === 'disconnect/a-message-cut-by-rst-is-a-reset');
  return [
    { entry: cut, name: 'reset-told-as-an-end' },
    { entry: NEVER_DELIVERED, name: 'node' },
  ].flatMap(({ entry, name }) => {
    const pair = subjects.filter((subject) => subject.name === name);
    const entries = entry === undefined ? [] : [entry];
    const where = {
      seed: 'again',
      cell: 'local',
      proxy: 'wire',
      repeat: 1,
      missing: new Map<string, string>(),
    } as const;
    return makeJobs({ entries, servers: pair, clients: pair, ...where });
  });
}

async function plainJobs() {
  const commandOf = async (name: string, text: string): Promise<string[]> => {
    await writeFile(join(folder, name), text);
    return [process.execPath, join(folder, name), '{host}', '{port}'];
  };
  const server = v.parse(plainServerSchema, { plain: 'server', command: await commandOf('server.cjs', SERVER) });
  const taker = v.parse(plainClientSchema, { plain: 'client', command: await commandOf('client.cjs', CLIENT) });
  return makePlainJobs({
    entries: (await loadPlainCatalogue()).filter(({ id }) => id === 'plain/an-answer-cut-by-fin-is-no-success'),
    servers: [{ name: 'server', program: server, given: null }],
    clients: [{ name: 'until-end', program: taker, given: null }],
    seed: 'again',
    cell: 'local',
    repeat: 1,
    variant: 'fault',
  });
}

/** Every file that judging again may write, by name. */
async function written({ results }: Run): Promise<Map<string, string>> {
  const verdicts = results.flatMap(({ attempts }) =>
    attempts.map(({ evidence }) => join(evidence, ATTEMPT_FILES.verdict)),
  );
  const names = [...verdicts, RUN_FILES.run];
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(place, name), 'utf8')] as const)),
  );
}

/** What the command says and its exit status. */
function judgeAgain(): Promise<{ status: number; out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, 'judge', place], (error, out) => {
      resolve({ status: error === null ? 0 : Number(error.code), out });
    });
  });
}

test('a fail, an unknown and a plain fail are judged again from their files alone, byte for byte', async () => {
  const told = (result: Result) => `${result.scenario}: ${result.verdict} ${result.unknownReason ?? ''}`.trim();
  expect(run.results.map(told).toSorted()).toEqual([
    'disconnect/a-message-cut-by-rst-is-a-reset: fail',
    'disconnect/a-reset-that-never-comes: unknown fault-not-delivered',
    'plain/an-answer-cut-by-fin-is-no-success: fail',
  ]);
  const before = await written(run);
  expect(before.size).toBe(ATTEMPTS + 1);
  const { status, out } = await judgeAgain();
  expect(status).toBe(EXIT_FAIL);
  expect(out).not.toContain('(was ');
  expect(await written(run)).toEqual(before);
});
