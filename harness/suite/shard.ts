/**
 * Parts a run over several machines: every job belongs to one shard, by its name alone.
 *
 * A job of another shard stays in the list as `not-run`, so that merged shards show which of them is missing.
 */
import { createHash } from 'node:crypto';

import { OTHER_SHARD } from '../evidence/run.ts';
import type { Shard } from '../evidence/run.ts';
import type { AnyJob } from './plain-job.ts';

function shardOf({ plan, repetition }: AnyJob, of: number): number {
  const name = [plan.scenario, plan.cell, plan.server, plan.client, repetition].join('\n');
  return (createHash('sha256').update(name).digest().readUInt32BE(0) % of) + 1;
}

/** The same jobs, those of other shards excused. */
export function inShard<Some extends AnyJob>(jobs: readonly Some[], { number, of }: Shard): Some[] {
  return jobs.map((job) => {
    if (job.excused !== null || shardOf(job, of) === number) return job;
    return { ...job, excused: { verdict: 'not-run', reason: OTHER_SHARD } };
  });
}
