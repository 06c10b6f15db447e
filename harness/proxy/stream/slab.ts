/**
 * The buffers that sockets are read into.
 *
 * Owns their reuse: an idle connection holds none (all share one scratch buffer, which is free again when the read
 * callback returns), a busy one reads into slabs of its own that go to the writer uncopied and come back after the write.
 */

/** What one read takes at most; libuv reads 64 KiB too. */
export const SLAB_BYTES = 65_536;

/** Free slabs kept for later; the rest is left to the garbage collector. 512 × 64 KiB = 32 MiB, 30 ms at 1 GB/s. */
const MOST_FREE = 512;

/** Shared by all sockets that last read little. Never handed on: what lies in it is copied. */
export const SCRATCH = Buffer.allocUnsafeSlow(SLAB_BYTES);

const free: Buffer[] = [];

/** A buffer of `SLAB_BYTES` that nobody else uses. */
export const takeSlab = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);

/** Gives a slab back. Nobody may hold a view of it any more. */
export const giveSlab = (slab: Buffer | undefined): void => {
  if (slab !== undefined && free.length < MOST_FREE) free.push(slab);
};
