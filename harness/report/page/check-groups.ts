/**
 * Checks that say the same of several places of a sweep, as one.
 *
 * Owns what "the same" is: the same words but for their numbers, which name the connection, the byte and the instant.
 */
import type { Check } from '../../evidence/verdict.ts';

/** Checks of one sentence, each with the byte at which the fault of its connection stands. */
export interface CheckGroup {
  /** Stands for them all. */
  readonly first: Check;
  /** In the order of their bytes; empty where the check is about no place of a sweep. */
  readonly places: readonly Place[];
  /** How many more the judge counted without naming them. */
  readonly more: number;
}

interface Place {
  readonly byte: number;
  readonly check: Check;
}

/** Gives the byte of the sweep that a check is about; null: it is about none. */
export type ByteOfCheck = (check: Check) => number | null;

/** In the order of the first of each. */
export function groupChecks(checks: readonly Check[], byteOf: ByteOfCheck): CheckGroup[] {
  const groups = new Map<string, Place[]>();
  for (const [index, check] of checks.entries()) {
    const byte = byteOf(check);
    const key = byte === null ? `${index}` : sentenceKey(check);
    const group = groups.get(key) ?? [];
    group.push({ byte: byte ?? Number.NaN, check });
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((members) => {
    const places = members.filter(({ byte }) => !Number.isNaN(byte)).sort((a, b) => a.byte - b.byte);
    const first = (places[0] ?? members[0])?.check;
    const more = members.reduce((sum, { check }) => sum + unnamedIn(check), 0);
    return first === undefined ? [] : [{ first, places, more }];
  });
}

/** With what the judge ends the last of the breaches that it names. */
const MORE = /; and (\d+) more like it$/;

function unnamedIn({ actual }: Check): number {
  return Number(MORE.exec(actual)?.[1] ?? 0);
}

function sentenceKey({ name, outcome, expected, actual }: Check): string {
  return [name, outcome, withoutNumbers(expected), withoutNumbers(actual.replace(MORE, ''))].join('\n');
}

/** `12 bytes` and `1 byte` are the same as well. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\d[\d,.]*/g, '#').replaceAll(/(# [a-z]+?)s\b/g, '$1');
}
