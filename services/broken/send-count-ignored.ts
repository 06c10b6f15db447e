/**
 * Bug: what send says of how much it took is not looked at: the rest is never sent.
 * Violates: HOWTO, Using a Socket: it is your responsibility to call send again until your message has been dealt
 * with.
 * Public case: adafruit/Adafruit_CircuitPython_MiniMQTT#231, the count of send was unchecked, and large messages
 * were cut.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  handOver: async (socket, wire, bounds) => {
    await socket.send(wire, bounds);
  },
});
