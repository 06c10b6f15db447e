/**
 * A file that grows line by line while a run goes on, written in order and in batches.
 *
 * Owns buffering and the first write error, which `close` reports: a full disk must not pass in silence.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

export class LineFile {
  readonly #handle: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> | null = null;
  #failure: Error | null = null;
  #closed = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Creates the file, or empties it. */
  static async create(path: string): Promise<LineFile> {
    return new LineFile(await open(path, 'w'));
  }

  /** Adds one value as a line of JSON. Never throws: a failed write is reported by `close`; what comes after it is not kept. */
  append(value: unknown): void {
    if (this.#closed || this.#failure !== null) return;
    this.#pending.push(`${JSON.stringify(value)}\n`);
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0 && this.#failure === null) {
      const batch = this.#pending.join('');
      this.#pending = [];
      try {
        await this.#handle.appendFile(batch);
      } catch (error) {
        this.#failure ??= error as Error;
      }
    }
    this.#writing = null;
  }

  /**
   * Writes what is left and closes the file.
   *
   * @throws the first error of any write
   */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#handle.close();
    if (this.#failure !== null) throw this.#failure;
  }
}
