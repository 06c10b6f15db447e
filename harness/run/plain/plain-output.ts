/**
 * What a plain client prints on standard output: counted and digested whole, its beginning kept.
 *
 * Owns the limit on what is kept; whether the output is the right one is judged.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** Of an output this much is kept as a file. */
const KEPT_BYTES = 256 * 1024;
/** And this much stands in the evidence itself. */
const BEGINS_CHARACTERS = 120;

export interface Output {
  readonly bytes: number;
  readonly sha256: string;
  readonly begins: string;
}

/** Reads a stream to its end, and keeps its beginning in a file. */
export async function takeOutput(stream: Readable, path: string): Promise<Output> {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < KEPT_BYTES) kept.push(chunk.subarray(0, KEPT_BYTES - bytes));
    hash.update(chunk);
    bytes += chunk.length;
  });
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
  const beginning = Buffer.concat(kept);
  await writeFile(path, beginning);
  return { bytes, sha256: hash.digest('hex'), begins: beginning.toString('utf8').slice(0, BEGINS_CHARACTERS) };
}
