import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { alike, nearestThatDiffer } from './alike.ts';
import { attemptOf } from './attempt.ts';
import { history, outcome } from './history.ts';
import type { History } from './history.ts';

const cut = (id: string, conn: number, ...at: number[]): PlannedFault => ({
  kind: 'fragment',
  id,
  direction: 'upstream',
  connections: [conn],
  when: { on: 'before-connect' },
  at,
  gapMs: 1,
});

/** Three connections, cut at no, one and two places, and what the server made of the last two. */
function threeWays(ends: (story: History, conn: number) => void): ReturnType<typeof alike> {
  const faults = [cut('f1', 2, 30), cut('f2', 3, 30, 90)];
  const story = history({ faults, params: { messages: 1, connections: 3 } });
  for (const conn of [1, 2, 3]) {
    story.connects(conn).clientSends(conn, 0);
    if (conn > 1) story.bites(conn, `f${conn - 1}`, 'upstream');
    ends(story, conn);
  }
  return alike(attemptOf(story.evidence()), 'server');
}

describe('every way leaves the same transcript', () => {
  test('where each connection hears the same, whatever its payloads and times', () => {
    const findings = threeWays((story, conn) =>
      story
        .wait(conn * 10)
        .serverReceives(conn, 0)
        .serverEchoes(conn, 0),
    );
    expect(outcome(findings).outcomes).toEqual(['pass']);
    expect(outcome(findings).actual).toContain('all 3 do, in 3 ways');
  });

  test('a connection that fails where the others do not is told, with the nearest that did not fail', () => {
    const findings = threeWays((story, conn) => {
      if (conn === 3) story.fails('server', 'recv', 'malformed', conn);
      else story.serverReceives(conn, 0).serverEchoes(conn, 0);
    });
    expect(outcome(findings).outcomes).toEqual(['fail']);
    expect(outcome(findings).actual).toBe(
      'server connection 2 (nothing of its own) told "received 0, 100 bytes" ' +
        'where server connection 3 (cut at 90 upstream) told "failed with malformed on recv"',
    );
  });

  test('transcripts that are the same prove nothing where all bytes went the same way', () => {
    const story = (faults: PlannedFault[]) => {
      const alone = history({ faults, params: { messages: 1, connections: 2 } });
      for (const conn of [1, 2]) alone.connects(conn).exchanges(conn, 0);
      return alike(attemptOf(alone.evidence()), 'server');
    };
    expect(story([])).toMatchObject([
      { outcome: 'unknown', unknownReason: 'precondition-not-seen', actual: 'all 2 do, in 1 way' },
    ]);
    expect(story([cut('f1', 1, 30, 90), cut('f2', 2, 90, 30)])).toMatchObject([{ outcome: 'unknown' }]);
    expect(story([cut('f1', 2, 30)])).toMatchObject([{ outcome: 'pass' }]);
  });

  test('one connection alone is too few', () => {
    const story = history({ faults: [cut('f1', 1, 5)] })
      .connects()
      .clientSends(1, 0);
    expect(outcome(alike(attemptOf(story.asItIs()), 'server')).outcomes).toEqual(['fail']);
  });
});

describe('the two nearest that differ', () => {
  const trail = (transcript: string, ...way: string[]) => ({ way: new Set(way), transcript: [transcript] });

  test('are none where all are the same', () => {
    expect(nearestThatDiffer([trail('a', 'x'), trail('a', 'y')])).toBeNull();
    expect(nearestThatDiffer([])).toBeNull();
  });

  test('are those whose ways have least that only one of them has', () => {
    const trails = [trail('a'), trail('a', 'x', 'y'), trail('b', 'x', 'y', 'z'), trail('b', 'u', 'v', 'w')];
    expect(nearestThatDiffer(trails)).toEqual([trails[1], trails[2]]);
  });
});
