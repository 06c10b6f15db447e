/**
 * The shapes of marks as path data around a point: the same in SVG and on a canvas (`Path2D`).
 *
 * No Node and no DOM: it runs in the page as well.
 */
import type { Shape } from './mark.ts';

/** Shapes that are drawn as lines; the others are filled. */
export const STROKED: ReadonlySet<Shape> = new Set(['ring', 'tick', 'cross']);

interface Outline {
  /** Where the pen starts, from the point. */
  readonly from: readonly [number, number];
  /** The rest, in relative commands. */
  readonly draw: string;
}

const OUTLINES: Readonly<Record<Shape, Outline>> = {
  dot: { from: [-3.5, 0], draw: 'a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z' },
  ring: { from: [-3, 0], draw: 'a3 3 0 1 0 6 0a3 3 0 1 0-6 0z' },
  tick: { from: [0, -6], draw: 'v12' },
  diamond: { from: [0, -4.5], draw: 'l4.5 4.5l-4.5 4.5l-4.5-4.5z' },
  cross: { from: [-4.5, -4.5], draw: 'l9 9m0-9l-9 9' },
  half: { from: [0, -4.5], draw: 'a4.5 4.5 0 0 1 0 9z' },
  flag: { from: [0, 7], draw: 'v-14l7 3.5l-7 3.5z' },
};

/** Path data of a shape at a point. */
export function glyphPath(shape: Shape, x: number, y: number): string {
  const { from, draw } = OUTLINES[shape];
  return `M${round(x + from[0])} ${round(y + from[1])}${draw}`;
}

/** The three instants of a fault that must not be taken for one another: each has a shape of its own. */
export type FaultInstant = 'asked' | 'acknowledged' | 'effect';

const HEADS: Readonly<Record<FaultInstant, Outline>> = {
  asked: { from: [-4, -4], draw: 'h8l-4 7z' },
  acknowledged: { from: [0, -4.5], draw: 'l4.5 4.5l-4.5 4.5l-4.5-4.5z' },
  effect: { from: [-4, -4], draw: 'h8l-4 7z' },
};

/** Path data of the head of a fault's instant. */
export function faultHeadPath(instant: FaultInstant, x: number, y: number): string {
  const { from, draw } = HEADS[instant];
  return `M${round(x + from[0])} ${round(y + from[1])}${draw}`;
}

/** Coordinates to a tenth: enough for the eye, and half the size. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
