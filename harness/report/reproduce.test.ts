import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { reproduceLine, shellWord } from './reproduce.ts';

const place = { scenario: 'framing/whole', server: 'node', client: 'python', cell: 'local', proxy: 'wire' } as const;

test('the line names scenario, pair and seed, and leaves out what is the default', () => {
  expect(reproduceLine(place, '7')).toBe('npx halfopen run framing/whole --server node --client python --seed 7');
});

test('the line names a cell and a proxy that are not the default', () => {
  expect(reproduceLine({ ...place, proxy: 'toxiproxy' }, '7')).toContain('--seed 7 --proxy toxiproxy');
  expect(reproduceLine({ ...place, cell: 'docker' }, '7')).toContain('--cell docker --proxy wire');
});

test.each(['plain', "it's", 'a b', '$(reboot)', '`x`', '', '*', '--flag', '~'])(
  'a shell reads the word %j back as it was',
  (word) => {
    const read = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)} end`], { encoding: 'utf8' });
    expect(read).toBe(`${word}|end|`);
  },
);

test.each(['a\nb', '\u001b[31m', "x\t'\\", 'a\u202eb é'])(
  'bash reads the word %j back, and a reader sees all of it',
  (word) => {
    const shown = shellWord(word);
    expect(shown).toMatch(/^[ -~é]+$/);
    const read = execFileSync('bash', ['-c', `printf '%s|' ${shown} end`], { encoding: 'utf8' });
    expect(read).toBe(`${word}|end|`);
  },
);
