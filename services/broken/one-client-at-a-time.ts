/**
 * Bug: a client is handled inside the accept loop: the next is accepted when it has gone.
 * Violates: HOWTO, Creating a Socket: a server socket only produces client sockets; each is dealt with by a
 * thread, a process or select.
 * Public case: kin to celery/celery#2606, the master was stuck in one recv, and did nothing else.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, alongside: async (serving) => await serving });
