/**
 * Where in a stream a toxic bites: at a byte counted from the start of the connection, or at a byte of a message.
 *
 * Owns the attributes `bytes` and `at`, of which only one can be. A toxic that is placed by messages has to be there from the
 * first byte on: put on later it finds no message. It can be moved to a message that lies ahead. Where it has no place on a
 * connection it does nothing there, and says so.
 */
import { asObject, AttributeError, type Field, integer, type Values } from './attributes.ts';
import { type Framing, FRAMINGS, HEADER_BYTES, MessageFinder, type MessagePlace } from './framing.ts';
import type { Run, View } from './kind.ts';

const PLACE_WORDS = `{"framing": ${FRAMINGS.map((one) => `"${one}"`).join(' | ')}, "message": n, "part": "header" | "payload", "byte": n}`;

const readPlace = (value: unknown, place: string): MessagePlace => {
  const { framing, message, part = 'header', byte = 0, messageBytes = 0, ...rest } = asObject(value) ?? {};
  const known = FRAMINGS.find((one) => one === framing);
  if (known === undefined || (part !== 'header' && part !== 'payload') || Object.keys(rest).length > 0) {
    throw new AttributeError(`${place} must be ${PLACE_WORDS}, with "messageBytes": n in framing fixed`);
  }
  const fixedBytes = integer(known === 'fixed' ? 1 : 0).read(messageBytes, `${place}.messageBytes`);
  return {
    framing: known,
    part,
    message: integer().read(message, `${place}.message`),
    byte: integer(0, lastByte(part, known, fixedBytes)).read(byte, `${place}.byte`),
    messageBytes: fixedBytes,
  };
};

/** The last byte that a place may name, where that is known. Byte 0 of a header that is none is the payload's first. */
const lastByte = (part: MessagePlace['part'], framing: Framing, fixedBytes: number): number | undefined => {
  if (part === 'header') return Math.max(0, HEADER_BYTES[framing] - 1);
  return framing === 'fixed' ? fixedBytes - 1 : undefined;
};

/** The attribute that places a toxic by messages. */
export const at: Field<MessagePlace | undefined> = { missing: undefined, read: readPlace };

/** The attribute that places a toxic by bytes, whatever its name; undefined where `at` does. */
export const byteOffset: Field<number | undefined> = { ...integer(), insteadOf: 'at' };

/** The attributes that place a toxic. */
export const placeFields = { bytes: byteOffset, at };

/** The finder that leads to `place` from byte `offset` on: the one so far, where it has come no further than that place. */
const finderFor = (
  place: MessagePlace,
  known: MessageFinder | undefined,
  offset: number,
): MessageFinder | undefined => {
  if (offset === 0) return new MessageFinder(place);
  return known?.followed === undefined || known.followed < offset || !known.seek(place) ? undefined : known;
};

/** An update makes attributes anew, also those that it leaves as they were. */
const isSame = (one: MessagePlace, other: MessagePlace | undefined): boolean =>
  one === other ||
  (one.framing === other?.framing &&
    one.message === other.message &&
    one.part === other.part &&
    one.byte === other.byte &&
    one.messageBytes === other.messageBytes);

/** Says how many bytes may still pass before the place, for the stream as it is seen now; Infinity: not in sight. */
export const distanceTo = ({ attributes, missed }: Run<Values<typeof placeFields>>): ((view: View) => number) => {
  let sought: MessagePlace | undefined;
  let finder: MessageFinder | undefined;
  return ({ head, offset }) => {
    const { bytes = 0, at: place } = attributes();
    if (place === undefined) {
      sought = undefined;
      return bytes - offset;
    }
    if (!isSame(place, sought)) {
      sought = place;
      finder = finderFor(place, finder, offset);
      if (finder === undefined)
        missed(`not placed on this connection: where message ${place.message} begins is not known`);
    }
    if (finder === undefined) return Infinity;
    if (head?.kind === 'bytes') finder.follow(head.bytes.subarray(Math.max(0, finder.followed - offset)));
    return (finder.place ?? Infinity) - offset;
  };
};
