/**
 * Writes a file whole or not at all: a temporary file, then a rename.
 */
import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes text, or its pieces as they come, so that a reader sees the old file or the new one, never half of it. */
export async function writeWhole(path: string, text: string | AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a value as indented JSON, whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}
