/**
 * What of a time line is drawn, and where on the canvas things lie.
 */
import { GUTTER } from '../timeline/layout.ts';
import type { Projection, TimelineModel } from './timeline-model.ts';
import type { Palette } from './tones.ts';

export type Context = CanvasRenderingContext2D;

/** A narrower canvas has no room for names beside the lanes: they stand above them. */
const NARROW_PIXELS = 640;
const NARROW_GUTTER = 12;

/** What is to be drawn. */
export interface Scene {
  readonly model: TimelineModel;
  readonly projection: Projection;
  /** The places at the left and the right end. */
  readonly from: number;
  readonly to: number;
  /** Of the whole canvas, in CSS pixels. */
  readonly width: number;
  /** Index of the mark that has the focus, or −1. */
  readonly focus: number;
  readonly palette: Palette;
}

export function isNarrow({ width }: Pick<Scene, 'width'>): boolean {
  return width < NARROW_PIXELS;
}

/** Where the lanes begin. */
export function gutterOf(scene: Pick<Scene, 'width'>): number {
  return isNarrow(scene) ? NARROW_GUTTER : GUTTER;
}

/** Where a place lies on the canvas. */
export function xOf(scene: Scene, place: number): number {
  const { from, to, width } = scene;
  const gutter = gutterOf(scene);
  return gutter + ((place - from) / (to - from)) * (width - gutter - 4);
}

/** The place under a point of the canvas. */
export function placeAt(scene: Scene, x: number): number {
  const { from, to, width } = scene;
  const gutter = gutterOf(scene);
  return from + ((x - gutter) / (width - gutter - 4)) * (to - from);
}

export function line(context: Context, fromX: number, fromY: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

export function fillPath(context: Context, path: Path2D): void {
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- this is a canvas, not an array
  context.fill(path);
}
