import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf, placesOf } from './attempt.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { integrity } from './integrity.ts';
import { noFalseAlarm } from './no-false-alarm.ts';

const script = (polite: boolean): PlannedFault => ({
  kind: 'script',
  id: 'f1',
  role: 'server',
  when: { on: 'before-connect' },
  steps: [],
  polite,
});

const digest = (letter: string): string => letter.repeat(64);

/** A client that heard one message of a peer that said it sent another, or the same. */
function heard(sent: string, received: string, polite = false): History {
  return history({ faults: [script(polite)] })
    .connects()
    .clientSends(1, 0)
    .delivers()
    .server({ event: 'sending', conn: 1, seq: 0, bytes: 3, sha256: digest(sent) })
    .client({ event: 'received', conn: 1, seq: 0, bytes: 3, sha256: digest(received) });
}

describe('against a script, what is received is what the peer said it sent', () => {
  test('whatever the workload would have sent', () => {
    expect(outcome(found(integrity, heard('a', 'a').evidence())).outcomes).toEqual(['pass']);
  });

  test('another message is a breach, and so is one too many', () => {
    const other = outcome(found(integrity, heard('a', 'b').evidence()));
    expect(other.outcomes).toEqual(['fail']);
    expect(other.expected).toContain('the peer sent no other');
    const more = heard('a', 'a').client({ event: 'received', conn: 1, seq: 1, bytes: 3, sha256: digest('a') });
    expect(outcome(found(integrity, more.evidence())).outcomes).toContain('fail');
  });
});

test('the role that the peer plays is not judged', () => {
  const places = placesOf(attemptOf(heard('a', 'a').evidence()));
  expect(places.map(({ side }) => side.role)).toEqual(['client']);
});

test('a failure is no false alarm where the script is wrong, and is one where it is polite', () => {
  const fails = (polite: boolean) => heard('a', 'a', polite).fails('client', 'recv', 'malformed').evidence();
  expect(outcome(found(noFalseAlarm, fails(false))).outcomes).toEqual(['pass']);
  expect(outcome(found(noFalseAlarm, fails(true))).outcomes).toEqual(['fail']);
});
