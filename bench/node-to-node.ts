/**
 * What Docker cells are measured with: every scenario that they can play, node→node.
 */
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { inRunningOrder, makeJobs } from '../harness/suite/job.ts';
import type { Job } from '../harness/suite/job.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';

export async function nodeToNode(): Promise<Job[]> {
  const node = (await builtInSubjects()).filter(({ name }) => name === 'node');
  const jobs = makeJobs({
    entries: inRunningOrder(await loadCatalogue()),
    servers: node,
    clients: node,
    seed: 'bench',
    cell: 'docker',
    proxy: 'auto',
    repeat: 1,
    missing: new Map(),
  });
  return jobs.filter(({ excused }) => excused === null);
}
