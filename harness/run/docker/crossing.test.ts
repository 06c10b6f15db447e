import { expect, test } from 'vitest';

import type { WireEvent } from '../../evidence/wire-event.ts';
import { CrossingLog } from './crossing.ts';

const at = { seq: 1, atMs: 1 };

function log() {
  const events: WireEvent[] = [];
  return { events, log: new CrossingLog((event) => events.push(event)) };
}

test('the outer events of both halves are those of one proxy, the inner ones are crossings', () => {
  const { events, log: pair } = log();
  pair.note('front', { ...at, kind: 'accepted', conn: 1, clientPort: 5000 });
  pair.note('front', { ...at, kind: 'read', conn: 1, direction: 'upstream', offset: 0, bytes: 3 });
  pair.note('front', { ...at, kind: 'dialed', conn: 1, localPort: 6000 });
  pair.note('front', { ...at, kind: 'wrote', conn: 1, direction: 'upstream', offset: 0, bytes: 3 });
  pair.note('back', { ...at, kind: 'accepted', conn: 1, clientPort: 7000 });
  pair.note('back', { ...at, kind: 'dialed', conn: 1, localPort: 8000 });
  pair.note('back', { ...at, kind: 'read', conn: 1, direction: 'upstream', offset: 0, bytes: 3 });
  pair.note('back', { ...at, kind: 'wrote', conn: 1, direction: 'upstream', offset: 0, bytes: 3 });
  pair.note('front', { ...at, kind: 'rst-read', conn: 1, direction: 'downstream', offset: 0 });
  pair.note('front', { ...at, kind: 'rst-wrote', conn: 1, direction: 'downstream', offset: 0 });

  expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'read', 'dialed', 'wrote', 'rst-wrote']);
  expect(events[0]).toMatchObject({ clientPort: 5000 });
  expect(events[2]).toMatchObject({ localPort: 8000 });
  expect(pair.crossings.map(({ way, what, direction }) => `${what} ${way} ${direction}`)).toEqual([
    'bytes in upstream',
    'bytes out upstream',
    'rst out downstream',
  ]);
});

test('connections are joined in the order in which the silent proxy took them, whichever half tells first', () => {
  const { events, log: pair } = log();
  for (const conn of [1, 2]) pair.note('front', { ...at, kind: 'accepted', conn, clientPort: 5000 + conn });
  pair.note('back', { ...at, kind: 'accepted', conn: 1, clientPort: 7001 });
  pair.note('back', { ...at, kind: 'dialed', conn: 1, localPort: 8001 });
  pair.note('front', { ...at, kind: 'dialed', conn: 2, localPort: 6002 });
  pair.note('front', { ...at, kind: 'dialed', conn: 1, localPort: 6001 });
  pair.note('back', { ...at, kind: 'accepted', conn: 2, clientPort: 7002 });
  pair.note('back', { ...at, kind: 'dialed', conn: 2, localPort: 8002 });
  expect(events.filter(({ kind }) => kind === 'dialed')).toMatchObject([
    { conn: 2, localPort: 8001 },
    { conn: 1, localPort: 8002 },
  ]);
});
