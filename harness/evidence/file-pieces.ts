/**
 * The bytes of a file, a piece at a time and at most so many.
 *
 * A read that brings less than was asked for has met the end, so that a small file, as most of a run are, costs three
 * calls; a report reads thousands.
 */
import { open } from 'node:fs/promises';

const PIECE_BYTES = 64 * 1024;

/** @throws whatever keeps the file from being read */
export async function* filePieces(path: string, mostBytes: number): AsyncGenerator<Buffer> {
  await using file = await open(path);
  let left = mostBytes;
  while (left > 0) {
    const wanted = Math.min(PIECE_BYTES, left);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, null);
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    if (bytesRead < wanted) return;
    left -= bytesRead;
  }
}
