/**
 * Bug: a type that nobody knows is taken for the first one.
 * Violates: HOWTO, Using a Socket: the type determines the length; an unknown type leaves none.
 * Public case: kin to TooTallNate/Java-WebSocket#1507, what a header said was believed as it stood.
 *
 * Everything else is the correct subject.
 */
import { typedDecoder } from '../socket/frame/typed.ts';
import { TYPE_LENGTHS } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const FIRST_TYPE_BYTES = 16;
const ANY_TYPE = new Map(Array.from({ length: 256 }, (_, type) => [type, TYPE_LENGTHS.get(type) ?? FIRST_TYPE_BYTES]));

await runSubject({
  ...CORRECT,
  speaks: ({ params }) => params.framing === 'typed',
  framingOf: async (params) => ({
    ...(await CORRECT.framingOf(params)),
    decoder: () => typedDecoder(ANY_TYPE, params.maxMessageBytes),
  }),
});
