import { expect, test } from 'vitest';

import { printable } from '../../cli/printable.ts';
import { shellWord } from '../reproduce.ts';
import { byNumber, hasUnseen, spellUnseen } from './unseen.ts';
import { visibleText } from './visible-text.ts';

/** One of each kind; the first and the last of each stretch. */
const UNSEEN = [
  ['\u0000', '\u001b', '\u007f', '\u009f', '\u00ad', '\u034f', '\u061c', '\u115f', '\u1160', '\u180e'],
  ['\u200b', '\u200f', '\u2028', '\u2029', '\u202e', '\u2060', '\u2069', '\u2800', '\u3164', '\uffa0'],
  ['\ufe00', '\ufe0f', '\ufeff', '\ufff9', '\u{e0001}', '\u{e007f}', '\u{e0100}', '\u{e01ef}', '\ud83d'],
].flat();

test.each(UNSEEN.map((character) => [byNumber(character), character]))(
  'nobody who is shown %s has to guess that it is there',
  (_, character) => {
    const text = `a${character}b`;
    expect(hasUnseen(text)).toBe(true);
    for (const shown of [printable(text), visibleText(text, 100), shellWord(text)]) {
      expect(hasUnseen(shown)).toBe(false);
      expect(shown).toMatch(/a.+b/u);
    }
  },
);

test('what can be seen stays as it is', () => {
  const text = 'a b é – 😀 שלום ไทย 漢字 ∑';
  expect(spellUnseen(text, () => '')).toBe(text);
  expect(hasUnseen(text)).toBe(false);
});
