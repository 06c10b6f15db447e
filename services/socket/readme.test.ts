import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const readme = readFileSync(join(here, 'README.md'), 'utf8');

interface Example {
  readonly section: string;
  readonly code: string;
  /** What the comments behind `print(…);` say. */
  readonly promised: readonly string[];
}

function examplesOf(text: string): Example[] {
  return text.split(/^## /m).flatMap((part) => {
    const section = part.split('\n')[0] ?? '';
    return [...part.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => ({
      section,
      code,
      promised: [...code.matchAll(/print\(.*\); \/\/ (.*)$/gm)].map(([, said = '']) => said.split(':')[0] ?? ''),
    }));
  });
}

const EXAMPLES = examplesOf(readme);

/** Runs an example beside the library, with `print` for what it shows. */
async function run(code: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const program = join(folder, 'example.mts');
    const imports = code.replaceAll("from './", `from '${new URL('.', import.meta.url).href}`);
    writeFileSync(program, `const print = (...all: unknown[]) => console.log(...all);\n${imports}`);
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      env: { ...process.env, TMPDIR: folder },
    });
    return stdout.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the README shows something of every topic of the HOWTO', () => {
  expect(EXAMPLES.map(({ section }) => section)).toEqual([
    'Creating a socket',
    'IPC',
    'Using a socket',
    'Using a socket',
    'Using a socket',
    'Binary data',
    'Disconnecting',
    'When sockets die',
    'Non-blocking sockets',
  ]);
});

describe('an example does what its comments say', () => {
  test.each(EXAMPLES)('$section', async ({ code, promised }) => {
    expect(promised.length).toBeGreaterThan(0);
    const said = promised.flatMap((line) => line.split(', then '));
    expect(await run(code)).toEqual(said);
  });
});
