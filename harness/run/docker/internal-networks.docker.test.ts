import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { checkoutWith, onlyResult, runInDocker } from './command-for-tests.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

describe.skipIf(skipWithoutEngine)('a run in Docker', { timeout: 120_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-internal-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  test.for(['client-side', 'server-side'])('does not begin where bytes could leave by the %s', async (network) => {
    const open = `${network}: { internal: false, labels: *labels }`;
    const root = await checkoutWith(folder, (compose) =>
      // The one is where the others are said to be alike.
      compose.replace(`${network}: &inside`, `${open}\n  other: &inside`).replace(`${network}: *inside`, open),
    );
    const args = ['--server', 'node', '--client', 'node', 'framing/a-clean-exchange-is-clean'];
    const ran = await runInDocker(folder, { args, root });
    expect(ran.status).toBe(3);
    const { verdict, reason } = onlyResult(ran);
    expect(verdict).toBe('setup-error');
    expect(reason).toContain(`the network ${network} of a cell is not internal`);
    expect(reason).toContain(`"${network}" has "internal: true"`);
    expect(ran.report).toContain('is not internal');
  });
});
