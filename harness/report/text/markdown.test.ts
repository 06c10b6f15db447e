import { expect, test } from 'vitest';

import { code, plain } from './markdown.ts';

test.each([
  ['<img src=x> | **bold** `code`', '&lt;img src=x&gt; \\| \\*\\*bold\\*\\* \\`code\\`'],
  ['@everyone', '<span>@</span>everyone'],
  ['mail a@b.example', 'mail a<span>@</span>b.example'],
  ['see https://a.example/b', 'see https<span>:</span>//a.example/b'],
  ['see www.a.example, WWW.b', 'see www<span>.</span>a.example, WWW<span>.</span>b'],
  [':white_check_mark:', '<span>:</span>white\\_check\\_mark:'],
  [':+1::-1:', '<span>:</span>+1:<span>:</span>-1:'],
  ['$x^2$', '<span>$</span>x^2<span>$</span>'],
])('%j is shown as it stands, and GitHub makes nothing of it', (text, shown) => {
  expect(plain(text, 100)).toBe(shown);
});

test('what means nothing is left as it is', () => {
  const text = 'settled: expected 3.5 s; it took 127.0.0.1:8080 at 12:30 (50 %)';
  expect(plain(text, 100)).toBe(text);
});

test('code is fenced by more backticks than stand in it', () => {
  expect(code('a', 100)).toBe('`a`');
  expect(code('a ``b` c', 100)).toBe('``` a ``b` c ```');
});
