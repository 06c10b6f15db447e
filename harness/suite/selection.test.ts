import { describe, expect, test } from 'vitest';

import { client } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { makeJobs } from './job.ts';
import { excusedResult } from './job-result.ts';
import { loadCatalogue } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { nearest } from './nearest.ts';
import { select, tagsOf } from './select.ts';
import { inShard } from './shard.ts';
import type { KnownSubject } from './subjects.ts';

const entry = (id: string): CatalogueEntry => ({
  id,
  scenario: defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload: 'connect',
    params: {},
    expect: [client.completes()],
  }),
});

const subject = (name: string): KnownSubject => ({ name, origin: 'reference', command: [name] });
const catalogue = ['framing/a', 'framing/b', 'timeout/a-late-reply'].map(entry);

const jobs = makeJobs({
  entries: catalogue,
  servers: [subject('node'), subject('go')],
  clients: [subject('node'), subject('go')],
  seed: '1',
  cell: 'local',
  proxy: 'auto',
  repeat: 2,
  missing: new Map([['go', 'go is not installed']]),
});

describe('filters', () => {
  test('any part of an id chooses it, and no filter chooses all', () => {
    expect(select(catalogue, ['late']).map(({ id }) => id)).toEqual(['timeout/a-late-reply']);
    expect(select(catalogue, ['framing', 'late'])).toHaveLength(3);
    expect(select(catalogue, [])).toHaveLength(3);
  });

  test('a fault or a need chooses what has it', async () => {
    const real = await loadCatalogue();
    const restarts = select(real, ['fault:restart']);
    expect(restarts.length).toBeGreaterThan(0);
    expect(restarts.every(({ scenario }) => scenario.faults.some(({ kind }) => kind === 'restart'))).toBe(true);
    expect(select(real, ['needs:docker'])).toEqual(expect.arrayContaining(restarts));
    expect(select(real, ['needs:docker']).length).toBeLessThan(real.length / 2);
    expect(() => select(real, ['restart'])).toThrow('no scenario matches "restart". Did you mean "fault:restart"?');
  });

  test('a scenario has for tags whether it is basic, and what it needs', async () => {
    const real = await loadCatalogue();
    const tags = new Map(real.map((each) => [each.id, tagsOf(each)]));
    expect(real.every(({ id, scenario }) => tags.get(id)?.includes('basic') === scenario.basic)).toBe(true);
    const needy = select(real, ['needs:docker']);
    expect(needy.every(({ id }) => tags.get(id)?.includes('needs:docker'))).toBe(true);
    const servers = [subject('node')];
    const matrix = { servers, clients: servers, seed: '1', cell: 'local', proxy: 'wire', repeat: 1 } as const;
    const results = makeJobs({ ...matrix, entries: needy, missing: new Map() }).map((job) =>
      excusedResult(job, { verdict: 'unsupported', reason: 'not here' }),
    );
    expect(results.every((result) => result.tags?.includes('needs:docker'))).toBe(true);
  });

  test('one that matches nothing is an error with the nearest name', () => {
    expect(() => select(catalogue, ['a-late-repli'])).toThrow('Did you mean "a-late-reply"?');
  });
});

describe('jobs', () => {
  test('are every scenario with every pair, as often as asked', () => {
    expect(jobs).toHaveLength(3 * 4 * 2);
  });

  test('with a runtime that is missing are excused with the reason', () => {
    const excused = jobs.filter((job) => job.excused !== null);
    expect(excused).toHaveLength(3 * 3 * 2);
    expect(excused[0]?.excused).toEqual({ verdict: 'not-run', reason: 'go is not installed' });
  });
});

describe('shards', () => {
  test('take every job once between them, whatever their number', () => {
    const runnable = jobs.filter(({ excused }) => excused === null).length;
    for (const of of [1, 2, 3, 7]) {
      const shards = Array.from({ length: of }, (_, index) => inShard(jobs, { number: index + 1, of }));
      const taken = shards.flatMap((shard) => shard.filter(({ excused }) => excused === null));
      expect(taken).toHaveLength(runnable);
      expect(shards.every((shard) => shard.length === jobs.length)).toBe(true);
    }
  });
});

test('a name with nothing near it gets no suggestion', () => {
  expect(nearest('zebra', ['run', 'list'])).toBeNull();
  expect(nearest('rnu', ['run', 'list'])).toBe('run');
  expect(nearest('', ['go'])).toBeNull();
});
