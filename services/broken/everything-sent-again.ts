/**
 * Bug: after a reconnect every message is sent again, those that were answered too.
 * Violates: CONTRACT, Workloads: sending resumes at the first message not yet echoed.
 * Public case: redis/ioredis#965, a pipeline that was half answered was replayed after a reconnect.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, retrying: { ...CORRECT.retrying, resumeAt: () => 0 } });
