import { afterEach, expect, test, vi } from 'vitest';

import { jsonLine, printable } from './printable.ts';

const onGitHub = (): unknown => vi.stubEnv('GITHUB_ACTIONS', 'true');
afterEach(() => vi.unstubAllEnvs());

test('control bytes become visible, and what is long is cut', () => {
  expect(printable('\u001b[31mred\n')).toBe(String.raw`\x1b[31mred\x0a`);
  expect(printable('x'.repeat(500))).toBe(`${'x'.repeat(400)}…`);
  expect(printable('xyz', 2)).toBe('xy…');
});

test('a line that only looks flawless shows what is wrong with it', () => {
  expect(printable('\ufeff{"event":"listening"}')).toBe(String.raw`\u{feff}{"event":"listening"}`);
});

test.each([
  ['::error::mine', String.raw`:\x3aerror::mine`],
  [' \u00a0::add-mask::e', ` \u00a0${String.raw`:\x3aadd-mask::e`}`],
  ['all is well ##[error]mine', String.raw`all is well ##\x5berror]mine`],
  ['###[group]', String.raw`###\x5bgroup]`],
  ['a::b [::1]:80 #[x]', 'a::b [::1]:80 #[x]'],
])('on GitHub %j is no command to its runner', (text, shown) => {
  vi.stubEnv('GITHUB_ACTIONS', '');
  expect(printable(text)).toBe(text);
  onGitHub();
  expect(printable(text)).toBe(shown);
});

test('a line of JSON holds no command either, and means the same', () => {
  const value = { reason: 'it said ##[error]mine' };
  expect(jsonLine(value)).not.toContain('##[');
  expect(JSON.parse(jsonLine(value))).toEqual(value);
});
