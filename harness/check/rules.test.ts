import { describe, expect, test } from 'vitest';

import { readEventLine } from '../contract/event.ts';
import { RULES } from './rules.ts';
import type { Transcript } from './transcript.ts';

const LISTENING = '{"event":"listening","port":40000,"at":1000000}';
const ACCEPTED = '{"event":"accepted","conn":1,"peerPort":40001,"at":1500000}';
const CLOSED = '{"event":"closed","conn":1,"at":1600000}';

/** A server's run: its lines with the ms at which they arrived. */
function run(
  lines: readonly (readonly [text: string, arrivedMs: number])[],
  changes: Partial<Transcript> = {},
): Transcript {
  return {
    role: 'server',
    environment: { HALFOPEN_WORKLOAD: 'echo' },
    startedMs: 900,
    lines: lines.map(([text, arrivedMs]) => ({
      text,
      isObject: text.startsWith('{'),
      reading: readEventLine(text),
      arrivedMs,
    })),
    flooded: false,
    log: '',
    exit: { status: 0, signal: null },
    exitedMs: 2_100,
    inputEndedMs: 2_000,
    overdue: false,
    stalledMs: 0,
    ...changes,
  };
}

const GOOD = [
  [LISTENING, 1_001],
  [ACCEPTED, 1_501],
  [CLOSED, 1_601],
] as const;

const broken = (transcript: Transcript): string[] =>
  RULES.filter((rule) => rule.examine(transcript) !== null).map(({ id }) => id);

test('a good run keeps every rule', () => {
  expect(broken(run(GOOD))).toEqual([]);
});

describe('each rule is broken by what it is about, and by nothing else', () => {
  test.each<[string, Transcript]>([
    ['output/lines', run([...GOOD, ['ready!', 1_700]])],
    ['output/lines', run([...GOOD, ['', 1_700]])],
    ['output/events', run([...GOOD, ['{"event":"ready"}', 1_700]])],
    ['output/events', run([...GOOD, ['{"event":"closed"}', 1_700]])],
    ['output/bounded', run(GOOD, { flooded: true, exit: { status: null, signal: 'SIGKILL' } })],
    ['output/order', run([GOOD[0], GOOD[1]])],
    [
      'output/numbers',
      run([
        GOOD[0],
        [ACCEPTED.replace('"conn":1', '"conn":2'), 1_501],
        [CLOSED.replace('"conn":1', '"conn":2'), 1_601],
      ]),
    ],
    ['output/clock', run([GOOD[0], GOOD[1], [CLOSED.replace('1600000', '1400000'), 1_601]])],
    ['output/flush', run([GOOD[0], [ACCEPTED, 2_099], [CLOSED, 2_099]])],
    ['end/status', run(GOOD, { exit: { status: 3, signal: null } })],
    ['end/in-time', run(GOOD, { overdue: true, exit: { status: null, signal: 'SIGKILL' } })],
    ['end/not-before', run(GOOD, { exitedMs: 1_900 })],
  ])('%s', (id, transcript) => {
    expect(broken(transcript)).toEqual([id]);
  });
});

test('a late line is forgiven as far as the harness itself was late', () => {
  expect(broken(run([GOOD[0], [ACCEPTED, 2_099], [CLOSED, 2_099]], { stalledMs: 700 }))).toEqual([]);
});

test('a server that cannot listen may exit before its input ends', () => {
  const failed = '{"event":"failed","op":"listen","code":"address-in-use","message":"in use"}';
  expect(broken(run([[failed, 1_000]], { exitedMs: 1_001, inputEndedMs: 2_000 }))).toEqual([]);
});

test('what is unsupported may exit 127 at once, with exactly its line', () => {
  const exits127 = { exit: { status: 127, signal: null }, exitedMs: 1_000 };
  expect(broken(run([['{"event":"unsupported"}', 990]], exits127))).toEqual([]);
  expect(broken(run([['{"event": "unsupported"}', 990]], exits127))).toEqual(['end/status']);
  expect(broken(run([], exits127))).toEqual(['end/status']);
});
