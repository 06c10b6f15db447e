/**
 * Whose an object on the engine is: the run that made it, and the machine and the mark of that run's harness, by which it
 * is known whether that still lives.
 */
import { hostname } from 'node:os';

import { ownerMark, ownerState } from '../local/sweep.ts';
import { RUN_LABEL } from './engine.ts';

export const OWNER_LABEL = 'dev.halfopen.owner';
/** Carried by what no run's guard speaks for: the containers of a `halfopen check --image`, or of a look at an image. Its value is theirs alone. */
export const CHECK_LABEL = 'dev.halfopen.check';

export type Labels = Readonly<Record<string, string>>;

/** This harness, as the label's value. */
export async function ownerName(): Promise<string> {
  return `${hostname()} ${await ownerMark()}`;
}

/** This harness's label. */
export async function ownerLabel(): Promise<Labels> {
  return { [OWNER_LABEL]: await ownerName() };
}

/** What every object of a run carries. */
export async function runLabels(run: string): Promise<Labels> {
  return { [RUN_LABEL]: run, ...(await ownerLabel()) };
}

/** Whether the harness that made an object may live: of one on another machine nothing can be told, and it is taken to. */
export async function mayLive(labels: Labels): Promise<boolean> {
  return (await stateOf(labels)) !== 'gone';
}

/** Whether it is known to live. */
export async function surelyLives(labels: Labels): Promise<boolean> {
  return (await stateOf(labels)) === 'lives';
}

async function stateOf(labels: Labels): ReturnType<typeof ownerState> {
  const [machine, mark = ''] = (labels[OWNER_LABEL] ?? '').split(' ');
  return machine === hostname() ? ownerState(mark) : 'elsewhere';
}
