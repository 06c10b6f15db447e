/**
 * What cells are measured with: every scenario that they can play, node→node.
 */
import type { CellKind } from '../harness/evidence/plan.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { inRunningOrder, makeJobs } from '../harness/suite/job.ts';
import type { Job } from '../harness/suite/job.ts';
import { select } from '../harness/suite/select.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';

/** @param filters parts of the ids of the scenarios; none: all of them */
export async function nodeToNode(cell: CellKind, seed = 'bench', filters: readonly string[] = []): Promise<Job[]> {
  const node = (await builtInSubjects()).filter(({ name }) => name === 'node');
  const jobs = makeJobs({
    entries: select(await loadCatalogue(), filters),
    servers: node,
    clients: node,
    seed,
    cell,
    proxy: 'auto',
    repeat: 1,
    missing: new Map(),
  });
  return inRunningOrder(jobs.filter(({ excused }) => excused === null));
}
