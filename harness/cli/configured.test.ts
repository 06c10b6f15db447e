import { expect, test } from 'vitest';

import { checkedConfig } from '../suite/config.ts';
import { configuredFilters, configuredFlags } from './configured.ts';

const config = checkedConfig('halfopen.config.ts', {
  matrix: { server: ['mine'], client: ['node'], proxy: ['wire', 'toxiproxy'], scenarios: ['framing'] },
  defaults: { cells: 2 },
});

test('the matrix speaks where the command line does not', () => {
  const flags = { server: ['mine'], client: ['node'], proxy: 'wire,toxiproxy', cells: '2' };
  expect(configuredFlags(config, false)).toEqual(flags);
  expect(configuredFilters(config, false)).toEqual(['framing']);
});

test('of plain subjects that are given as commands the matrix says nothing, and the defaults hold', () => {
  expect(configuredFlags(config, true)).toEqual({ cells: '2' });
  expect(configuredFilters(config, true)).toEqual([]);
});
