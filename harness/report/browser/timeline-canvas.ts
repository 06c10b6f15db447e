/**
 * Draws a stretch of a time line on a canvas.
 *
 * Marks that fall on the same pixel of the same lane are drawn once: the cost is bounded by the width, not by the run.
 */
import { glyphPath, STROKED } from '../timeline/glyph.ts';
import { faultMiddle, faultRowNames, GUTTER, laneMiddle, layoutFor, MOMENT_ROW, proxyBox } from '../timeline/layout.ts';
import type { Layout } from '../timeline/layout.ts';
import { KINDS, kindOf, LANES, toneOf, WAY } from '../timeline/mark.ts';
import type { Mark, Tone } from '../timeline/mark.ts';
import { breaksOf, ticksOf } from '../timeline/ticks.ts';
import { firstAt } from './timeline-model.ts';
import { drawBands, drawFaults, drawMoments, drawRowNames, drawWords } from './timeline-overlay.ts';
import { fillPath, gutterOf, isNarrow, line, xOf } from './timeline-scene.ts';
import type { Context, Scene } from './timeline-scene.ts';

const FONT = '11.5px system-ui, sans-serif';
const ORDER: readonly Tone[] = ['faint', 'up', 'down', 'plain', 'end', 'fault', 'bad'];
/** Marks are looked up a little beyond the edges, so that a glyph is not cut. */
const EDGE_PIXELS = 8;
/** Names that stand above their lanes. */
const NAME_ABOVE = 13;

/** Draws everything anew. The context is scaled to CSS pixels. */
export function drawScene(context: Context, scene: Scene): void {
  const layout = layoutFor(scene.model.bands.length, scene.model.moments.length);
  context.clearRect(0, 0, scene.width, layout.height);
  context.font = FONT;
  context.save();
  context.beginPath();
  const edge = gutterOf(scene) - 4;
  context.rect(edge, 0, scene.width - edge, layout.height);
  context.clip();
  drawBands(context, scene, layout);
  drawAxis(context, scene, layout);
  drawFlights(context, scene, layout);
  drawMarks(context, scene, layout);
  drawFaults(context, scene, layout);
  drawMoments(context, scene, layout);
  drawWords(context, scene, layout);
  drawFocus(context, scene, layout);
  context.restore();
  drawNames(context, scene, layout);
}

function drawNames(context: Context, scene: Scene, layout: Layout): void {
  const { model, palette, width } = scene;
  const narrow = isNarrow(scene);
  const gutter = gutterOf(scene);
  const name = (text: string, y: number, colour: string): void => {
    context.fillStyle = colour;
    context.fillText(text, narrow ? gutter : gutter - 12, narrow ? y - NAME_ABOVE : y);
  };
  context.textAlign = narrow ? 'left' : 'right';
  context.textBaseline = 'middle';
  LANES.forEach((text, lane) => name(text, laneMiddle(layout, lane), palette.ink));
  const box = proxyBox(layout);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(narrow ? 4 : GUTTER - 120, box.top, width - (narrow ? 8 : GUTTER - 116), box.height, 8);
  context.stroke();
  if (narrow) {
    drawRowNames(context, scene, layout);
    return;
  }
  faultRowNames(model.bands).forEach((text, row) => name(text, faultMiddle(row), palette.fault));
  if (model.moments.length > 0) name(MOMENT_ROW, layout.momentMiddle, palette.bad);
}

function drawAxis(context: Context, scene: Scene, layout: Layout): void {
  const { projection, palette, from, to, width } = scene;
  const gutter = gutterOf(scene);
  const view = { from, to, pixels: (width - gutter - 4) / (to - from) };
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.lineWidth = 1;
  context.strokeStyle = palette.line;
  context.fillStyle = palette.soft;
  LANES.forEach((_, lane) => line(context, gutter, laneMiddle(layout, lane), width - 4, laneMiddle(layout, lane)));
  context.setLineDash([2, 4]);
  for (const { place, label } of ticksOf(projection.scale, view)) {
    const x = xOf(scene, place);
    line(context, x, layout.lanesTop - 4, x, layout.height - 4);
    context.fillText(label, x, layout.axisTop + 14);
  }
  context.strokeStyle = palette.soft;
  context.fillStyle = palette.ink;
  for (const { fromPlace, toPlace, label } of breaksOf(projection.scale, view)) {
    const left = xOf(scene, fromPlace) + 6;
    const right = xOf(scene, toPlace) - 6;
    line(context, left, layout.axisTop + 19, right, layout.axisTop + 19);
    context.fillText(label, (left + right) / 2, layout.axisTop + 13);
  }
  context.setLineDash([]);
}

function drawFlights(context: Context, scene: Scene, layout: Layout): void {
  const { model, projection, palette, width } = scene;
  const drawn = new Set<number>();
  const paths = new Map([WAY.upstream, WAY.downstream].map((way): [number, Path2D] => [way, new Path2D()]));
  const start = firstAt(projection.leaves, scene.from - (scene.to - scene.from));
  for (let index = start; index < model.flights.length; index += 1) {
    const leaves = projection.leaves[index] ?? 0;
    if (leaves > scene.to) break;
    const flight = model.flights[index];
    if (flight === undefined || (projection.arrives[index] ?? 0) < scene.from) continue;
    const x = xOf(scene, leaves);
    const key = (Math.round(x) * 8 + flight.fromLane) * 4 + flight.way;
    if (drawn.has(key)) continue;
    drawn.add(key);
    const path = paths.get(flight.way);
    path?.moveTo(x, laneMiddle(layout, flight.fromLane));
    path?.lineTo(Math.min(width * 2, xOf(scene, projection.arrives[index] ?? 0)), laneMiddle(layout, flight.toLane));
  }
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  for (const [way, path] of paths) {
    context.strokeStyle = way === WAY.upstream ? palette.up : palette.down;
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

/** Glyphs of one look, to be painted at once. */
interface Batch {
  readonly tone: Tone;
  readonly stroked: boolean;
  path: string;
}

function drawMarks(context: Context, scene: Scene, layout: Layout): void {
  for (const { tone, stroked, path } of markBatches(scene, layout)) {
    const shape = new Path2D(path);
    if (stroked) {
      context.fillStyle = scene.palette.card;
      context.strokeStyle = scene.palette[tone];
      context.lineWidth = tone === 'bad' ? 2.4 : 1.7;
      fillPath(context, shape);
      context.stroke(shape);
    } else {
      context.fillStyle = scene.palette[tone];
      fillPath(context, shape);
    }
  }
}

function markBatches(scene: Scene, layout: Layout): Batch[] {
  const { model, projection } = scene;
  const edge = (EDGE_PIXELS / scene.width) * (scene.to - scene.from);
  const last = firstAt(projection.places, scene.to + edge);
  const columns = scene.width + 2 * EDGE_PIXELS;
  const taken = new Uint8Array(columns * LANES.length * KINDS.length * 3);
  const batches = new Map<string, Batch>();
  for (let index = firstAt(projection.places, scene.from - edge); index < last; index += 1) {
    const mark = model.marks[index];
    if (mark === undefined) continue;
    const x = xOf(scene, projection.places[index] ?? 0);
    const cell =
      ((Math.round(x) + EDGE_PIXELS - gutterOf(scene)) * LANES.length + mark.lane) * KINDS.length * 3 +
      mark.kind * 3 +
      mark.way;
    if (taken[cell] === 1) continue;
    taken[cell] = 1;
    batchFor(batches, mark).path += glyphPath(kindOf(mark).shape, x, laneMiddle(layout, mark.lane));
  }
  return [...batches.values()].sort((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone));
}

function batchFor(batches: Map<string, Batch>, mark: Mark): Batch {
  const tone = toneOf(mark);
  const stroked = STROKED.has(kindOf(mark).shape);
  const key = `${tone} ${stroked}`;
  const known = batches.get(key);
  if (known !== undefined) return known;
  const batch: Batch = { tone, stroked, path: '' };
  batches.set(key, batch);
  return batch;
}

function drawFocus(context: Context, scene: Scene, layout: Layout): void {
  const mark = scene.model.marks[scene.focus];
  if (mark === undefined) return;
  const x = xOf(scene, scene.projection.places[scene.focus] ?? 0);
  context.strokeStyle = scene.palette.link;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, laneMiddle(layout, mark.lane), 9, 0, 2 * Math.PI);
  context.stroke();
  context.lineWidth = 1;
  context.globalAlpha = 0.5;
  line(context, x, layout.lanesTop - 4, x, layout.height - 4);
  context.globalAlpha = 1;
}
