import { describe, expect, test } from 'vitest';

import { visibleLine, visibleText } from './visible-text.ts';

describe('text from a subject', () => {
  test('shows each control byte as its picture, and keeps line feeds and tabs', () => {
    expect(visibleText('a\u0000b\u001b[31m\tc\nd', 100)).toBe('a␀b␛[31m\tc\nd');
  });

  test('shows on one line what came on several', () => {
    expect(visibleLine('a\nb\tc\r', 100)).toBe('a␊b␉c␍');
  });

  test('spells out what turns the direction of text or cannot be seen at all', () => {
    expect(visibleText('x\u202ey\u200bz\u0085', 100)).toBe(String.raw`x\u{202e}y\u{200b}z\u{85}`);
  });

  test('spells out half of a surrogate pair, which no document can carry', () => {
    expect(visibleText('\ud83d', 100)).toBe(String.raw`\u{d83d}`);
    expect(visibleText('😀', 100)).toBe('😀');
  });

  test('is cut at the limit, and says how much is missing', () => {
    expect(visibleText('x'.repeat(12), 10)).toBe('xxxxxxxxxx… (2 characters more)');
    expect(visibleText('x'.repeat(10), 10)).toBe('xxxxxxxxxx');
  });
});
