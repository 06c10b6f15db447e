import { expect, test } from 'vitest';

import { VERDICTS } from '../../evidence/verdict.ts';
import { VERDICT_FACES, VERDICTS_BY_URGENCY } from '../text/verdict-word.ts';
import { glyphSheet, letterBadge } from './badge.ts';

test('no two verdicts share a letter, a sign or a picture, so that none is told by its colour alone', () => {
  expect(VERDICTS_BY_URGENCY.toSorted()).toEqual(VERDICTS.toSorted());
  const drawn = new Map(
    [...glyphSheet().text.matchAll(/<symbol id="g-([\w-]+)"[^>]*><path[^>]*? d="([^"]+)"/g)].map(([, word, path]) => [
      word,
      path,
    ]),
  );
  expect(VERDICTS.filter((word) => !drawn.has(word))).toEqual([]);
  for (const of of [
    VERDICTS.map((word) => VERDICT_FACES[word].letter),
    VERDICTS.map((word) => VERDICT_FACES[word].glyph),
    VERDICTS.map((word) => VERDICT_FACES[word].meaning),
    VERDICTS.map((word) => drawn.get(word)),
  ]) {
    expect(new Set(of).size, of.join()).toBe(VERDICTS.length);
  }
});

test('a letter has its picture beside it and its word behind it', () => {
  for (const word of VERDICTS) {
    const { text } = letterBadge(word);
    expect(text).toContain(`href="#g-${word}"`);
    expect(text.replaceAll(/<[^>]*>/g, '')).toBe(`${VERDICT_FACES[word].letter}${word}`);
  }
});
