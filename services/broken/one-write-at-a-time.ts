/**
 * Bug: one message is handed over at a time: what one peer does not take holds what is due to all others.
 * Violates: CONTRACT, Workloads: a fault on one connection never delays another.
 * Public case: kin to apache/pulsar#6740, what was written to a consumer that had stopped reading took the whole broker
 * down.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

let last = Promise.resolve();

await runSubject({
  ...CORRECT,
  handOver: async (socket, wire, bounds) => {
    const own = last.then(async () => await CORRECT.handOver(socket, wire, bounds));
    last = own.catch(() => {});
    await own;
  },
});
