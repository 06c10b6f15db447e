/**
 * Bug: retries have no end: a server that stays away is tried for ever.
 * Violates: CONTRACT, Parameters: retries bounds the attempts.
 * Public case: mqttjs/MQTT.js#301, the first stored message was sent 1800 times, once for each failed attempt.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, retrying: { ...CORRECT.retrying, worthwhile: () => true } });
