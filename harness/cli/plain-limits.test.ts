import { expect, test } from 'vitest';

import { readConfig } from '../suite/config.ts';
import { chooseJobs } from './choose-jobs.ts';
import type { Choice } from './choose-jobs.ts';

const config = await readConfig('/nonexistent');
const pair = { 'plain-server': ['127.0.0.1:80'], 'plain-client': ['curl {host}:{port}'] };
const chosen = (flags: Choice) =>
  chooseJobs({ flags: { ...pair, ...flags }, filters: ['pieces'], seed: 's', failed: null }, config);

test.each<[Choice, string]>([
  [{ kernel: 'fast' }, '--kernel is for subjects that keep the contract'],
  [{ proxy: 'toxiproxy' }, '--proxy cannot be toxiproxy here: plain subjects run through wire alone'],
  [{ proxy: 'wire,toxiproxy' }, '--proxy cannot be toxiproxy here'],
  [{ proxy: 'nonsense' }, '--proxy takes auto or wire or toxiproxy, not "nonsense"'],
  [{ cell: 'compose' }, '--cell cannot be compose here'],
  [{ basic: true }, '--basic is for subjects that keep the contract'],
  [{ 'keep-on-failure': true }, '--keep-on-failure is for subjects that keep the contract'],
])('%j with plain subjects is wrong use, and its line says why', async (flags, told) => {
  await expect(chosen(flags)).rejects.toThrow(told);
});

test('what comes to the same with plain subjects as without a word is no wrong use', async () => {
  const flags = { kernel: 'stock', proxy: 'auto,wire', cell: 'local', basic: false, 'keep-on-failure': false };
  expect((await chosen(flags)).map(({ plan }) => plan.proxy)).toEqual(['wire']);
});
