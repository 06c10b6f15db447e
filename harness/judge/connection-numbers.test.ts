import { expect, test } from 'vitest';

import { wrongNumbers } from './connection-numbers.ts';
import { attemptOf } from './attempt.ts';
import { history } from './history.ts';
import type { History } from './history.ts';

const ofClient = (story: History) => wrongNumbers(attemptOf(story.asItIs()).client).map(({ actual }) => actual);

test('connections are numbered from 1, in whatever order they are told', () => {
  expect(ofClient(history().connects(2).connects(1))).toEqual([]);
});

test('a number above all of them is no number of a connection', () => {
  expect(ofClient(history().connects(1).connects(3))).toEqual(['it told of 2 connections, and of one numbered 3']);
  expect(ofClient(history().connects(2 ** 53 - 1))).toHaveLength(1);
});

test('one that was killed may have had more than it came to tell of', () => {
  const kill = { id: 'f1', kind: 'kill', role: 'client', when: { on: 'before-connect' } } as const;
  expect(
    ofClient(
      history({ faults: [kill] })
        .connects(2)
        .delivers('f1'),
    ),
  ).toEqual([]);
});
