import { expect, test } from 'vitest';

import type { SubjectEvent } from '../../contract/event.ts';
import type { ScriptFault } from '../../scenario/fault.ts';
import { ScriptLog } from './script-proof.ts';

const SEND = { do: 'send', base64: 'AA==', times: 1, tells: null } as const;

function logOf(fault: Partial<ScriptFault>, events: readonly SubjectEvent[]): ScriptLog {
  const whole: ScriptFault = {
    kind: 'script',
    id: 'f1',
    role: 'server',
    when: { on: 'before-connect' },
    polite: false,
    steps: [],
    ...fault,
  };
  const log = new ScriptLog(whole, (micros) => micros / 1000);
  for (const event of events) log.note({ kind: 'event', atMs: 0, role: 'server', event });
  return log;
}

const accepted = (conn: number): SubjectEvent => ({ event: 'accepted', conn, peerPort: 1, at: 1000 });
const wrote = (conn: number, at: number): SubjectEvent => ({ event: 'wrote', conn, bytes: 7, at });

test('a script is proved by its last send, at the time of that', () => {
  const played = [accepted(1), wrote(1, 2000), wrote(1, 3000)];
  expect(logOf({ steps: [SEND, SEND] }, played).proof()).toMatchObject({ earliestMs: 3, latestMs: 3, count: 1 });
  expect(logOf({ steps: [SEND, SEND] }, played.slice(0, 2)).proof()).toBeNull();
});

test('so many sends prove it where the program may leave before its end', () => {
  const log = logOf({ steps: [SEND, SEND, SEND], provedBy: 1 }, [accepted(1), wrote(1, 2000)]);
  expect(log.proof()?.earliestMs).toBe(2);
});

test('an end is proved by the end, a reset by the close', () => {
  const ended = [accepted(1), { event: 'shutdown', conn: 1, at: 4000 } as const];
  expect(logOf({ steps: [{ do: 'end' }] }, ended).proof()?.earliestMs).toBe(4);
  expect(logOf({ steps: [{ do: 'end' }] }, [accepted(1)]).proof()).toBeNull();
  expect(logOf({ steps: [{ do: 'reset' }] }, [accepted(1)]).proof()).toBeNull();
  expect(
    logOf({ steps: [{ do: 'reset' }] }, [accepted(1), { event: 'closed', conn: 1, at: 5000 }]).proof(),
  ).not.toBeNull();
});

test('connections that the script is not for prove nothing of it', () => {
  const log = logOf({ steps: [SEND], connections: [2] }, [accepted(1), wrote(1, 2000)]);
  expect(log.proof()).toBeNull();
});
