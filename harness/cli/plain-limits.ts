/**
 * What a run of plain subjects cannot be asked for: each such flag is wrong use, and says why.
 *
 * Owns flags that hold for the whole run; what one scenario cannot do with one pair is `unsupported`, in `plain-job.ts`.
 */
import { CELLS } from '../evidence/plan.ts';
import { KERNELS } from '../scenario/scenario.ts';
import { FlagError } from '../suite/usage-error.ts';
import { oneOf, proxiesFrom } from './arguments.ts';

/** The flags that plain subjects set limits to. */
export interface LimitedFlags {
  readonly cell?: string | undefined;
  readonly proxy?: string | undefined;
  readonly kernel?: string | undefined;
  readonly basic?: boolean | undefined;
  readonly 'keep-on-failure'?: boolean | undefined;
}

/** @throws {FlagError} for the first flag that plain subjects cannot be given */
export function demandPlainFlags(flags: LimitedFlags): void {
  if (oneOf('kernel', flags.kernel, KERNELS, 'stock') !== 'stock')
    throw new FlagError(
      'kernel',
      'is for subjects that keep the contract: plain ones run with the clocks as they come',
    );
  if (proxiesFrom(flags.proxy).includes('toxiproxy'))
    throw new FlagError('proxy', 'cannot be toxiproxy here: plain subjects run through wire alone');
  if (oneOf('cell', flags.cell, CELLS, 'local') === 'compose')
    throw new FlagError('cell', 'cannot be compose here: its places start a subject that keeps the contract');
  if (flags.basic === true)
    throw new FlagError('basic', 'is for subjects that keep the contract: no plain scenario is a basic one');
  if (flags['keep-on-failure'] === true)
    throw new FlagError('keep-on-failure', 'is for subjects that keep the contract: a plain pair is not kept running');
}
