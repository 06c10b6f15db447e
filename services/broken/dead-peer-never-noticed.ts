/**
 * Bug: heartbeats are sent and received, but that none comes any more is never acted on.
 * Violates: HOWTO, "When Sockets Die": when "the other side comes down hard (without doing a close)" nothing tells the
 * socket; it must be watched.
 * Public case: hivemq/hivemq-mqtt-client-dotnet#357, pings went out and their missing answers changed nothing.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, watchSilence: () => {} });
