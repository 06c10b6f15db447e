/**
 * A small time line around the moment at which a claim broke, for the console: what the subjects and the wire did just
 * then, and, however far off, what the fault did and how it was told.
 */
import type { Check } from '../evidence/verdict.ts';
import { connectionOfCheck } from '../report/measure/claim-connections.ts';
import { storyLines } from './story-lines.ts';
import type { Line, Told } from './story-lines.ts';
import { joinConnections } from '../report/timeline/connections.ts';

/** Lines before the moment, and after it. */
const BEFORE = 6;
const AFTER = 3;
/** Most lines that are told wherever they stand. */
const TELLING = 4;
/** So many repeats side by side are told in one line. */
const LEAST_REPEATS = 3;
/** An instant is rounded on its way here. */
const SAME_MS = 0.06;
/** The proxy has so much to do that something of it is always near: only its own instants are its. */
const SAME_AT_PROXY_MS = 0.002;

/** A line, and whether it is what happened at the moment itself. */
export interface MomentLine {
  readonly text: string;
  readonly isMoment: boolean;
}

/** The claim whose moment it is. */
export type Broken = Pick<Check, 'name' | 'expected' | 'actual'> & { readonly atMs: number };

/** The lines that tell of a claim's moment, in order. Of several connections only the claim's own is told, where it is known. */
export function momentLines(told: Told, broken: Broken): MomentLine[] {
  const all = storyLines(told);
  const conn = connectionOf(told, broken, all);
  const own = all.filter((line) => conn === null || line.conn === null || line.conn === conn);
  const moment = momentOf(own, broken);
  const lines = collapsed(moment.lines, moment.isMoment);
  return chosen(lines, broken.atMs, moment.isMoment).flatMap((index, place, indices) => {
    const line = lines[index];
    if (line === undefined) return [];
    const skipped = place === 0 ? 0 : index - (indices[place - 1] ?? 0) - 1;
    return [...(skipped > 0 ? [GAP] : []), worded(line, moment.isMoment(line))];
  });
}

const GAP: MomentLine = { text: `${' '.repeat(12)}…`, isMoment: false };

function worded({ atMs, lane, text }: Line, isMoment: boolean): MomentLine {
  const when = `${atMs.toFixed(1)} ms`.padStart(12);
  return { text: `  ${isMoment ? '▸' : ' '} ${when}  ${lane.padEnd(7)} ${text}`, isMoment };
}

/** The connection that the claim names, else that of what happened at its moment; null: neither tells. */
function connectionOf(told: Told, broken: Broken, lines: readonly Line[]): number | null {
  const named = connectionOfCheck(broken, joinConnections(told));
  return named ?? lines.find((line) => line.conn !== null && isAt(line, broken.atMs))?.conn ?? null;
}

function isAt({ lane, atMs }: Line, momentMs: number): boolean {
  return Math.abs(atMs - momentMs) < (lane === 'proxy' ? SAME_AT_PROXY_MS : SAME_MS);
}

interface Moment {
  readonly lines: readonly Line[];
  readonly isMoment: (line: Line) => boolean;
}

/** Where nothing happened at the moment, as at a deadline, the moment has a line of its own. */
function momentOf(lines: readonly Line[], { name, atMs }: Broken): Moment {
  if (lines.some((line) => isAt(line, atMs))) return { lines, isMoment: (line) => isAt(line, atMs) };
  const text = `${name} was to hold by now`;
  const own: Line = { atMs, lane: 'claim', text, conn: null, telling: true, repeats: null };
  const after = lines.findIndex((line) => line.atMs > atMs);
  return { lines: lines.toSpliced(after === -1 ? lines.length : after, 0, own), isMoment: (line) => line === own };
}

/** Neighbours that repeat one another become one line, up to the moment and after it. */
function collapsed(lines: readonly Line[], isMoment: (line: Line) => boolean): Line[] {
  const runs: Line[][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    const before = last?.[0];
    const goesOn = before !== undefined && before.lane === line.lane && before.repeats === line.repeats;
    if (last !== undefined && goesOn && line.repeats !== null && !isMoment(line) && !isMoment(before)) last.push(line);
    else runs.push([line]);
  }
  return runs.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined || run.length < LEAST_REPEATS) return run;
    return [{ ...first, text: `${run.length} ${first.repeats}, until ${last.atMs.toFixed(1)} ms` }];
  });
}

/** Which lines are shown: those nearest to the moment, and the telling ones nearest to it. */
function chosen(lines: readonly Line[], atMs: number, isMoment: (line: Line) => boolean): number[] {
  const after = lines.findIndex((line) => line.atMs > atMs && !isMoment(line));
  const middle = after === -1 ? lines.length : after;
  const near = lines.map((_, index) => index).slice(Math.max(0, middle - BEFORE), middle + AFTER);
  const telling = lines
    .flatMap((line, index) => (line.telling ? [{ index, awayMs: Math.abs(line.atMs - atMs) }] : []))
    .sort((a, b) => a.awayMs - b.awayMs)
    .slice(0, TELLING);
  return [...new Set([...near, ...telling.map(({ index }) => index)])].sort((a, b) => a - b);
}
