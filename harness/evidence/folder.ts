/**
 * Where things stand in a run folder.
 *
 * Owns the names of files and the path of an attempt's folder, relative to the run's.
 */
import type { Role } from '../contract/words.ts';
import type { Plan } from './plan.ts';

export const ATTEMPT_FILES = {
  plan: 'plan.json',
  events: 'events.jsonl',
  wire: 'wire.jsonl',
  faults: 'faults.json',
  verdict: 'verdict.json',
} as const;

export const RUN_FILES = {
  run: 'run.json',
  environment: 'environment.json',
  /** Only where seeded bugs were run. */
  mutants: 'mutants.json',
  index: 'index.html',
  junit: 'junit.xml',
  summary: 'summary.md',
} as const;

/** File name of a role's log: its standard error. */
export function logFile(role: Role): string {
  return `${role}.log`;
}

/** The part of a plan that places its evidence. */
export type Address = Pick<Plan, 'scenario' | 'cell' | 'proxy' | 'server' | 'client' | 'variant'>;

/**
 * Folder of one attempt, relative to the run's folder, with forward slashes.
 *
 * @param repetition which of `--repeat N`, from 1
 * @param attempt which try of that repetition, from 1
 */
export function attemptFolder(address: Address, repetition: number, attempt: number): string {
  const { scenario, cell, proxy, server, client, variant } = address;
  const number = repetition === 1 ? String(attempt) : `${repetition}.${attempt}`;
  return ['scenarios', scenario, `${cell}-${proxy}`, `${server}+${client}`, variant, number].join('/');
}
