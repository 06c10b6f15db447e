/**
 * Reads a file line by line, in bounded memory whatever the file holds.
 *
 * Owns the limits on size, number and length of lines; what a line means is its reader's.
 */
import { filePieces } from './file-pieces.ts';

/** More than any line of evidence needs: the longest holds one line of a subject and its frame. */
const MAX_LINE_BYTES = 64 * 1024;
const MAX_LINES = 500_000;
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** A line, or what is left out and why. Numbers count from 1. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly left: string };

/**
 * The lines of a file, in order, as many at a time as one read brings. A last line without its end is told as it is.
 *
 * @throws whatever keeps the file from being read
 */
export async function* boundedLines(path: string): AsyncGenerator<Line[]> {
  const open = new OpenLine();
  let number = 1;
  let readBytes = 0;
  for await (const chunk of filePieces(path, MAX_FILE_BYTES)) {
    readBytes += chunk.length;
    const firstEnd = chunk.indexOf(LINE_FEED);
    if (firstEnd === -1) {
      open.add(chunk);
      continue;
    }
    open.add(chunk.subarray(0, firstEnd));
    const lines = [open.take(number)];
    const lastEnd = chunk.lastIndexOf(LINE_FEED);
    // Decoded at once, which is several times quicker than line by line. A line inside one read is within its limit.
    if (lastEnd > firstEnd) {
      for (const text of chunk.toString('utf8', firstEnd + 1, lastEnd).split('\n'))
        lines.push({ number: number + lines.length, text });
    }
    open.add(chunk.subarray(lastEnd + 1));
    const room = MAX_LINES + 1 - number;
    if (lines.length > room) {
      const left = `it has more than ${MAX_LINES} lines; the rest is left out`;
      yield [...lines.slice(0, room), { number: MAX_LINES + 1, left }];
      return;
    }
    number += lines.length;
    yield lines;
  }
  if (!open.isEmpty) yield [open.take(number)];
  if (readBytes >= MAX_FILE_BYTES)
    yield [{ number, left: `it has ${MAX_FILE_BYTES} bytes or more; the rest is left out` }];
}

/** The line that reads have not ended yet: kept up to the limit, counted beyond it. */
class OpenLine {
  #pieces: Buffer[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > MAX_LINE_BYTES) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  take(number: number): Line {
    const [pieces, bytes] = [this.#pieces, this.#bytes];
    this.#pieces = [];
    this.#bytes = 0;
    if (bytes > MAX_LINE_BYTES)
      return { number, left: `it has ${bytes} bytes, and no line needs more than ${MAX_LINE_BYTES}` };
    return { number, text: Buffer.concat(pieces).toString('utf8') };
  }
}
