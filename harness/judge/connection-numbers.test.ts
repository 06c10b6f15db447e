import { expect, test } from 'vitest';

import { found, history } from './history.ts';
import type { History } from './history.ts';
import { keptContract } from './kept-contract.ts';

const breaches = (story: History) =>
  found(keptContract, story.asItIs()).flatMap(({ outcome, actual }) => (outcome === 'fail' ? [actual] : []));

test('connections are numbered from 1, in whatever order they are told', () => {
  expect(breaches(history().connects(2).connects(1))).toEqual([]);
});

test('a number above all of them is no number of a connection', () => {
  const words = 'it told of 2 connections, and of one numbered 3';
  expect(breaches(history().connects(1).connects(3))).toEqual([words, words]);
});

test('one that was killed may have had more than it came to tell of', () => {
  const kill = { id: 'f1', kind: 'kill', role: 'client', when: { on: 'before-connect' } } as const;
  const story = history({ faults: [kill] });
  expect(breaches(story.connects(2).delivers('f1'))).toEqual(['it told of 1 connection, and of one numbered 2']);
  const overdue = history()
    .connects(2)
    .record({ kind: 'signalled', role: 'client', signal: 'SIGKILL', why: 'overdue' });
  expect(breaches(overdue)).toEqual(['it told of 1 connection, and of one numbered 2']);
});
