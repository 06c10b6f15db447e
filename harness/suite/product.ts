/**
 * Which Halfopen this is: its version, and the commit where it runs from its own checkout.
 */
import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ASK_LIMIT_MS = 5_000;

export interface Product {
  readonly version: string;
  /** With `-dirty` behind it where files differ from it; null: it was installed, or there is no git. */
  readonly commit: string | null;
}

/** Reads it anew: a checkout may have moved on. */
export async function readProduct(root: string = ROOT): Promise<Product> {
  const [text, commit] = await Promise.all([readFile(join(root, 'package.json'), 'utf8'), commitOf(root)]);
  const { version } = JSON.parse(text) as { version: string };
  return { version, commit };
}

/** A repository that the product merely lies in, as one whose node_modules it is in, is not its own. */
async function commitOf(root: string): Promise<string | null> {
  const [top, commit] = await Promise.all([
    git(root, 'rev-parse', '--show-toplevel'),
    git(root, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'),
  ]);
  if (top === null || commit === null) return null;
  const [own, found] = await Promise.all([realpath(root), realpath(top)]);
  return own === found ? commit : null;
}

function git(root: string, ...args: readonly string[]): Promise<string | null> {
  return promisify(execFile)('git', ['--no-optional-locks', '-C', root, ...args], { timeout: ASK_LIMIT_MS }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
