/**
 * The repository's own rules, as CI sees them: types, lint, format, and nothing that nobody uses.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Status and output of one of the tools in `npm run check`. */
function tool(name: string, ...args: string[]): Promise<{ status: number | string | null; output: string }> {
  return new Promise((resolve) => {
    execFile(`${ROOT}node_modules/.bin/${name}`, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) =>
      resolve({ status: error === null ? 0 : (error.code ?? null), output: out + err }),
    );
  });
}

test.each([['tsc'], ['oxlint'], ['oxfmt', '--check'], ['knip']])('%s has nothing to say', async (name, ...args) => {
  const { status, output } = await tool(name, ...args);
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
});
