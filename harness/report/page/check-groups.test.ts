import { expect, test } from 'vitest';

import { sampleVerdict } from '../sample/attempt.ts';
import { checkTable } from './check-table.ts';
import { groupChecks } from './check-groups.ts';
import type { ByteOfCheck } from './check-groups.ts';

const { checks } = sampleVerdict({
  scenario: 'a/b',
  claim: 'c',
  checks: [
    { outcome: 'fail', expected: 'nothing', actual: 'client connection 3 received 2 bytes at 12.5 ms', atMs: 12.5 },
    { outcome: 'fail', expected: 'nothing', actual: 'client connection 2 received 1 byte at 9 ms', atMs: 9 },
    {
      outcome: 'fail',
      expected: 'nothing',
      actual: 'client connection 4 received 3 bytes at 13 ms; and 7 more like it',
    },
    { outcome: 'fail', expected: 'nothing', actual: 'client connection 5 crashed at 14 ms' },
    { outcome: 'fail', expected: 'status 0', actual: 'it exited with status 1' },
    { outcome: 'fail', expected: 'status 0', actual: 'it exited with status 2' },
  ],
});
const byteOf: ByteOfCheck = ({ actual }) => {
  const conn = /connection (\d+)/.exec(actual)?.[1];
  return conn === undefined ? null : 15 + Number(conn);
};

test('what broke alike at several places of a sweep is told once, with their bytes in order', () => {
  const groups = groupChecks(checks, byteOf);
  expect(groups.map(({ places, more }) => ({ bytes: places.map(({ byte }) => byte), more }))).toEqual([
    { bytes: [17, 18, 19], more: 7 },
    { bytes: [20], more: 0 },
    { bytes: [], more: 0 },
    { bytes: [], more: 0 },
  ]);
  expect(groups[0]?.first.actual).toContain('connection 2');
});

test('each byte leads to the instant of its breach', () => {
  const verdict = { ...sampleVerdict({ scenario: 'a/b', claim: 'c' }), checks };
  const page = checkTable(verdict, 'x:1', null, byteOf).text;
  const text = page.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
  expect(text).toContain('fault at byte 17, 18, 19 and 7 more that the verdict does not name');
  expect(page).toContain(
    '<a href="#x:1" data-at="12.500" title="client connection 3 received 2 bytes at 12.5 ms">18</a>',
  );
  expect(checkTable(verdict, 'x:1', null).text).not.toContain('fault at byte');
});
