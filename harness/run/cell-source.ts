/**
 * Where a run's cells come from: one kind of cell, opened by number.
 */
import type { CellKind } from '../evidence/plan.ts';
import type { Cell } from './cell.ts';
import { openComposeCell } from './compose/compose-cell.ts';
import { openLocalCell } from './local/local-cell.ts';

/** Of images: a container knows its own image only by what the engine says of it. */
export const NOT_KNOWN = 'not known without an engine';

/** Opens cells; what they have in common goes when it is disposed. */
export interface CellSource extends AsyncDisposable {
  open(number: number, signal: AbortSignal): Promise<Cell>;
  /** The id of every image that was used so far, by name. */
  images(): Promise<Readonly<Record<string, string>> | typeof NOT_KNOWN>;
}

/**
 * The source of cells of a kind.
 *
 * @param signal aborting it ends what is being brought up
 * @throws {RunError} `cell-not-started`
 */
export async function cellSource(kind: CellKind, signal: AbortSignal): Promise<CellSource> {
  if (kind === 'local') {
    return {
      open: openLocalCell,
      images: () => Promise.resolve({}),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  if (kind === 'compose') {
    return {
      open: (_number, stop) => openComposeCell(stop),
      images: () => Promise.resolve(NOT_KNOWN),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  // Loaded only here: the engine's client takes longer to load than a local run to start.
  const { DockerRun } = await import('./docker/docker-run.ts');
  const run = await DockerRun.begin(signal);
  return {
    open: () => run.openCell(),
    images: () => run.images(),
    [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
  };
}
