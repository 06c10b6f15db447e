/**
 * The thread in which attempts are judged: an attempt's evidence can be many megabytes, and who lifts faults and stamps
 * events on time must not read them.
 *
 * Owns one attempt from folder to verdict; `judge-aside.ts` has the thread.
 */
import { parentPort } from 'node:worker_threads';

import { readEvidence } from '../evidence/read-evidence.ts';
import { judge } from '../judge/judge.ts';
import type { Answer, Question } from './judge-aside.ts';

parentPort?.on('message', ({ number, folder }: Question) => {
  const tell = (answer: Answer): void => parentPort?.postMessage(answer);
  readEvidence(folder).then(
    (evidence) => tell({ number, verdict: judge(evidence) }),
    (error: unknown) => tell({ number, error }),
  );
});
