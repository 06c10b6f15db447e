/**
 * Bug: the own heartbeats count as signs of life: sending one starts the peer's silence anew.
 * Violates: HOWTO, Using a Socket: once the other side has closed data may still be sent successfully.
 * Public case: hivemq/hivemq-mqtt-client#357, own writes counted as activity, so that a silent peer was never
 * asked.
 *
 * Everything else is the correct subject.
 */
import type { Deadline } from '../socket/deadline.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const watched = new Map<Deadline, number>();

await runSubject({
  ...CORRECT,
  watchSilence: (silence, ms) => {
    watched.set(silence, ms);
    CORRECT.watchSilence(silence, ms);
  },
  handOver: async (socket, wire, bounds) => {
    await CORRECT.handOver(socket, wire, bounds);
    for (const [silence, ms] of watched) CORRECT.watchSilence(silence, ms);
  },
});
