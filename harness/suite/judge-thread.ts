/**
 * The thread in which attempts are judged: an attempt's evidence can be many megabytes, and who lifts faults and stamps
 * events on time must not read them.
 *
 * Owns one attempt from folder to verdict; `judge-aside.ts` has the thread.
 */
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';

import { ATTEMPT_FILES } from '../evidence/folder.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { writeJson } from '../evidence/write-json.ts';
import { judge } from '../judge/judge.ts';
import type { Answer, Question } from './judge-aside.ts';

parentPort?.on('message', ({ number, folder }: Question) => {
  const tell = (answer: Answer): void => parentPort?.postMessage(answer);
  judgeFolder(folder).then(
    (verdict) => tell({ number, verdict }),
    (error: unknown) => tell({ number, error }),
  );
});

async function judgeFolder(folder: string): Promise<Verdict> {
  const verdict = judge(await readEvidence(folder));
  await writeJson(join(folder, ATTEMPT_FILES.verdict), verdict);
  return verdict;
}
