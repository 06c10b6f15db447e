/**
 * One thread of {@link CaseThreads}: reads and renders the cases it is asked for, in order.
 */
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

import type { CaseAnswer, CaseQuestion, ThreadSetting } from './case-threads.ts';

enableCompileCache();
const [{ readAttempt }, { renderCase }] = await Promise.all([import('./read-run-folder.ts'), import('./render.ts')]);
const { runFolder, seed } = workerData as ThreadSetting;

parentPort?.on('message', ({ number, each }: CaseQuestion) => {
  void renderCase(each, seed, (path) => readAttempt(runFolder, path))
    .then(
      (rendered): CaseAnswer => ({ number, rendered }),
      (problem: unknown): CaseAnswer => ({
        number,
        problem: problem instanceof Error ? problem : new Error(String(problem)),
      }),
    )
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    .then((answer) => parentPort?.postMessage(answer));
});
