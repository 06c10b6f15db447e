/**
 * Bug: a connect has no deadline: it waits for as long as the kernel tries.
 * Violates: CONTRACT, Parameters: connecting is given up after connectTimeoutMs.
 * Public case: EnterpriseDB/repmgr#174, each try took 130 seconds where three had been set.
 *
 * Everything else is the correct subject.
 */
import { Deadline } from '../socket/deadline.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, connectWithin: () => new Deadline() });
