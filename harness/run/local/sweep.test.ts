import { describe, expect, test } from 'vitest';

import { ownerMark, ownerState, ownerStateIn } from './sweep.ts';

describe.skipIf(process.platform !== 'linux')('the harness of a mark', () => {
  test('lives where the mark is this one’s own', async () => {
    expect(await ownerState(await ownerMark())).toBe('lives');
  });

  test('is gone where its number is another process’s, or nobody’s', async () => {
    const [pid, , ...place] = (await ownerMark()).split(':');
    expect(await ownerState([pid, '1', ...place].join(':'))).toBe('gone');
    expect(await ownerState(['4194305', '1', ...place].join(':'))).toBe('gone');
  });

  test('is elsewhere where the mark is from another kernel, though it may number its namespaces alike', async () => {
    const mark = await ownerMark();
    const boot = /[\da-f-]{36}/;
    expect(mark).toMatch(boot);
    expect(await ownerState(mark.replace(boot, '00000000-0000-4000-8000-000000000000'))).toBe('elsewhere');
  });

  test('is elsewhere where the mark is from another namespace of this kernel', async () => {
    expect(await ownerState((await ownerMark()).replace(/\[\d+\]$/, '[1]'))).toBe('elsewhere');
  });
});

test('where the system does not tell of its processes, no harness is known to be gone', async () => {
  const mark = `${process.pid}:0:unknown`;
  expect(await ownerStateIn(null, mark)).toBe('elsewhere');
  expect(await ownerState(mark)).toBe('elsewhere');
});
