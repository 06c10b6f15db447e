import { describe, expect, test } from 'vitest';

import { payload, echoOf, sha256 } from '../contract/payload.ts';
import type { Direction, PlannedFault } from '../scenario/fault.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { integrity } from './integrity.ts';

const HEADER_BYTES = 4;
const shape = { content: 'bytes', framing: 'prefix32', messageBytes: 100 } as const;

const corrupt = (direction: Direction, at: number): PlannedFault => ({
  id: 'f1',
  kind: 'corrupt',
  direction,
  at,
  xor: 1,
  when: { on: 'before-connect' },
});

/** The echo of message 0 with one of its payload bytes flipped. */
function flippedEcho(byte: number): { bytes: number; sha256: string } {
  const bytes = echoOf(payload(shape, '0/1', 0));
  bytes.writeUInt8((bytes[byte] ?? 0) ^ 1, byte);
  return { bytes: bytes.length, sha256: sha256(bytes) };
}

/** A client that sends message 0 and hears `heard` for its echo; in the upstream the server hears the wrong byte too. */
function clientHears(direction: Direction, at: number, heard: { bytes: number; sha256: string }): History {
  const story = history({ faults: [corrupt(direction, at)] })
    .connects()
    .clientSends(1, 0)
    .bites(1, 'f1', direction, 'corrupted');
  if (direction === 'downstream') story.serverReceives(1, 0).serverEchoes(1, 0);
  else story.server({ event: 'sending', conn: 1, seq: 0, ...heard }).server({ event: 'sent', conn: 1, seq: 0 });
  if (direction === 'upstream') story.passes(1, 'downstream', HEADER_BYTES + heard.bytes);
  return story.client({ event: 'received', conn: 1, seq: 0, ...heard });
}

const look = (story: History) => outcome(found(integrity, story.asItIs())).outcomes;

describe('a byte that the plan corrupted', () => {
  test('is right to be received wrong', () => {
    expect(look(clientHears('downstream', HEADER_BYTES + 7, flippedEcho(7)))).toEqual(['pass']);
  });

  test('is carried on by an echo', () => {
    expect(look(clientHears('upstream', HEADER_BYTES + 7, flippedEcho(7)))).toEqual(['pass']);
  });

  test('excuses no other byte', () => {
    expect(look(clientHears('downstream', HEADER_BYTES + 7, flippedEcho(8)))).toEqual(['fail']);
  });

  test('that arrives whole was not corrupted at all, or made up', () => {
    const whole = echoOf(payload(shape, '0/1', 0));
    expect(look(clientHears('downstream', HEADER_BYTES + 7, { bytes: whole.length, sha256: sha256(whole) }))).toEqual([
      'fail',
    ]);
  });

  test('excuses nothing on a connection that the fault never touched', () => {
    const story = history({ faults: [corrupt('downstream', HEADER_BYTES + 7)] })
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0)
      .serverEchoes(1, 0)
      .bites(2, 'f1', 'downstream', 'corrupted')
      .client({ event: 'received', conn: 1, seq: 0, ...flippedEcho(7) });
    expect(look(story)).toEqual(['fail']);
  });
});
