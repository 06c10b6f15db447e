/**
 * That an image is for the engine's own kind of machine: what an emulator runs, or refuses to, says nothing of the program.
 */
import { RunError } from '../run-error.ts';

/**
 * @param platform the image's, as in `linux/amd64`
 * @param own the engine's
 * @throws {RunError} `cell-not-started` where they differ
 */
export function demandPlatform(image: string, platform: string, own: string): void {
  if (platform === own) return;
  throw new RunError(
    'cell-not-started',
    `the image ${image} is for ${platform}, and the engine runs ${own}`,
    `build it, or pull it, with --platform ${own}: what an emulator runs cannot be timed`,
  );
}
