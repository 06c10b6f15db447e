/**
 * The table of `run.json` that tells how long each subject took to notice a death, from a run of real processes: a row for
 * each subject and kind of death, with times that can be true.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';
import { afterAll, beforeAll, test } from 'vitest';

import type { DetectionRow } from '../evidence/detection.ts';
import { RUN_FILES } from '../evidence/folder.ts';
import { runSchema } from '../evidence/run.ts';
import { loadCatalogue } from './catalogue.ts';
import { makeJobs } from './job.ts';
import { runSuite } from './run-suite.ts';
import { builtInSubjects } from './subjects.ts';

const CELLS = 3;

/** An end or a reset is told as soon as the host lets a process run. */
const AT_ONCE = { atLeastMs: 0, atMostMs: 1000 };
/** `deadPeerMs` is 400 in these, from the last heartbeat on; one comes each 50 ms, so that it came before the fault did. */
const BY_THE_WATCH = { atLeastMs: 300, atMostMs: 1500 };
/** Who waits for two silences takes twice as long. */
const TWICE = { atLeastMs: 700, atMostMs: 3000 };

const FIN = 'reconnect/a-lost-reply-is-asked-for-again';
const RESET = 'disconnect/a-message-cut-by-rst-is-a-reset';
const KILL = 'dead-peer/a-killed-server-is-noticed';
const FREEZE = 'dead-peer/a-frozen-server-is-noticed';
const SILENCE = 'dead-peer/a-client-notices-a-silent-server-in-time';

/** Which client meets which death in which scenario, and within which times it has noticed it and let go. */
const MET = [
  ...['node', 'python'].flatMap((client) => [
    { client, id: FIN, death: 'fin', bounds: AT_ONCE, isServedAgain: true },
    { client, id: RESET, death: 'reset', bounds: AT_ONCE, isServedAgain: false },
    { client, id: SILENCE, death: 'silence', bounds: BY_THE_WATCH, isServedAgain: false },
    { client, id: FREEZE, death: 'freeze', bounds: BY_THE_WATCH, isServedAgain: false },
    { client, id: KILL, death: 'kill', bounds: AT_ONCE, isServedAgain: false },
  ]),
  { client: 'two-silences-waited-for', id: FREEZE, death: 'freeze', bounds: TWICE, isServedAgain: false },
];

let folder: string;
let rows: DetectionRow[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-detection-'));
  const [catalogue, subjects] = [await loadCatalogue(), await builtInSubjects()];
  const jobs = MET.flatMap(({ client, id }) =>
    makeJobs({
      entries: catalogue.filter((entry) => entry.id === id),
      servers: subjects.filter(({ name }) => name === 'node'),
      clients: subjects.filter(({ name }) => name === client),
      seed: 'detection',
      cell: 'local',
      proxy: 'wire',
      repeat: 1,
      missing: new Map(),
    }),
  );
  const request = { jobs, cells: CELLS, reports: folder, seed: 'detection', command: [], untilFail: false };
  await runSuite(request, () => {}, new AbortController().signal);
  const text = await readFile(join(folder, 'latest', RUN_FILES.run), 'utf8');
  rows = v.parse(runSchema, JSON.parse(text)).detection ?? [];
});

afterAll(() => rm(folder, { recursive: true }));

test('there is a row for each subject, role and kind of death that was met, and no other', ({ expect }) => {
  const named = rows.map(({ subject, role, death }) => `${subject} ${role} ${death}`);
  // A reset is met by both sides.
  const due = ['node server reset', ...MET.map(({ client, death }) => `${client} client ${death}`)];
  expect(named.toSorted()).toEqual(due.toSorted());
});

test.for(MET)('$client has noticed its $death, let go, and neither too soon nor too late', (met, { expect }) => {
  const { client, death, bounds, isServedAgain } = met;
  const row = rows.find((each) => each.subject === client && each.role === 'client' && each.death === death);
  expect(row).toMatchObject({ met: 1, unnoticed: 0, unreleased: 0, unserved: 0 });
  for (const spread of [row?.noticed, row?.released]) {
    expect(spread?.count).toBe(1);
    expect(spread?.leastMs).toBeGreaterThanOrEqual(bounds.atLeastMs);
    expect(spread?.mostMs).toBeLessThanOrEqual(bounds.atMostMs);
  }
  expect(row?.released?.leastMs).toBeGreaterThanOrEqual(row?.noticed?.leastMs ?? Infinity);
  expect(row?.served?.count ?? 0).toBe(isServedAgain ? 1 : 0);
});
