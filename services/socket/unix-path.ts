/**
 * Paths of Unix sockets: what the kernel can hold.
 */
import { SocketError, type Operation } from './socket-error.ts';

/** Bytes of `sun_path` without its end, see unix(7); macOS has four less. */
const LONGEST_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Throws `invalid` for a path that no Unix socket can have; the kernel would cut it or call it something else. */
export function checkPath(op: Operation, path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > 0 && bytes <= LONGEST_PATH_BYTES) return;
  throw new SocketError(op, 'invalid', `a Unix path has 1 to ${LONGEST_PATH_BYTES} bytes, not ${bytes}`);
}
