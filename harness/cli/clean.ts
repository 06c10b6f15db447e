/**
 * `halfopen clean`: removes what a killed run left behind, and nothing else.
 */
import { sweepLocal } from '../run/local/sweep.ts';
import { readArguments } from './arguments.ts';

export async function clean(args: readonly string[]): Promise<number> {
  readArguments('clean', args, {});
  const swept = await sweepLocal();
  console.log(
    swept.length === 0
      ? 'nothing was left behind'
      : `ended ${swept.length} processes of killed runs: ${swept.join(', ')}`,
  );
  return 0;
}
