/**
 * What lies across all lanes: the faults in force, and the instants at which a claim broke, with the words beside them.
 */
import { faultHeadPath } from '../timeline/glyph.ts';
import type { FaultInstant } from '../timeline/glyph.ts';
import { freePlace, labelsOf, momentLabels, spanOf } from '../timeline/labels.ts';
import type { Label } from '../timeline/labels.ts';
import { CROWD, faultMiddle, faultRowNames, LABEL_ABOVE, laneMiddle, MOMENT_ROW } from '../timeline/layout.ts';
import type { Layout } from '../timeline/layout.ts';
import { placeOf } from '../timeline/story-scale.ts';
import { fillPath, gutterOf, line, xOf } from './timeline-scene.ts';
import type { Context, Scene } from './timeline-scene.ts';

export function drawBands(context: Context, scene: Scene, layout: Layout): void {
  const { model, projection, palette, width } = scene;
  context.fillStyle = palette.band;
  for (const { effectMs, liftedMs } of model.bands) {
    if (effectMs === null) continue;
    const from = xOf(scene, placeOf(projection.scale, effectMs));
    const to = liftedMs === null ? width : xOf(scene, placeOf(projection.scale, liftedMs));
    context.fillRect(from, layout.axisTop, Math.max(2, to - from), layout.height - layout.axisTop - 4);
  }
}

export function drawFaults(context: Context, scene: Scene, layout: Layout): void {
  const { model, projection, palette, width } = scene;
  const x = (atMs: number): number => xOf(scene, placeOf(projection.scale, atMs));
  const seen = model.bands.filter(({ effectMs }) => effectMs !== null && x(effectMs) >= 0 && x(effectMs) <= width);
  // So many lines would hide what happened: each is the fainter.
  const crowd = Math.max(1, seen.length / CROWD);
  model.bands.forEach((band, index) => {
    const y = faultMiddle(index);
    const instants = [band.askedMs, band.acknowledgedMs, band.effectMs, band.liftedMs].filter((atMs) => atMs !== null);
    if (instants.length === 0) return;
    const end = band.liftedMs === null && band.delivered ? width - 4 : x(Math.max(...instants));
    context.strokeStyle = palette.fault;
    context.lineWidth = 2;
    context.setLineDash(band.delivered ? [] : [3, 4]);
    line(context, x(Math.min(...instants)), y, end, y);
    faultMark('asked', band.askedMs, { fill: palette.card, dash: [2, 3], width: 1 });
    faultMark('acknowledged', band.acknowledgedMs, { fill: palette.card, dash: [], width: 1 });
    faultMark('effect', band.effectMs, { fill: palette.fault, dash: [], width: 2 });
    if (band.effectMs !== null) {
      context.lineWidth = crowd > 1 ? 1 : 2;
      context.globalAlpha = 1 / crowd;
      line(context, x(band.effectMs), layout.lanesTop - 4, x(band.effectMs), layout.height - 4);
      context.globalAlpha = 1;
    }

    function faultMark(
      instant: FaultInstant,
      atMs: number | null,
      look: { fill: string; dash: number[]; width: number },
    ): void {
      if (atMs === null) return;
      context.setLineDash(look.dash);
      context.lineWidth = look.width;
      line(context, x(atMs), y, x(atMs), layout.axisTop);
      context.setLineDash([]);
      const head = new Path2D(faultHeadPath(instant, x(atMs), y));
      context.fillStyle = look.fill;
      fillPath(context, head);
      context.lineWidth = 1.3;
      context.stroke(head);
    }
  });
}

export function drawMoments(context: Context, scene: Scene, layout: Layout): void {
  const { model, projection, palette, width } = scene;
  const y = layout.momentMiddle;
  const placed = model.moments.map(({ atMs, label }) => ({ label, x: xOf(scene, placeOf(projection.scale, atMs)) }));
  context.strokeStyle = palette.bad;
  context.fillStyle = palette.bad;
  context.lineWidth = 1.5;
  for (const { x } of placed) {
    line(context, x, y, x, layout.axisTop);
    line(context, x, layout.lanesTop - 4, x, layout.height - 4);
    fillPath(context, new Path2D(`M${x - 4} ${y - 4}h8l-4 7z`));
  }
  context.textBaseline = 'middle';
  const seen = placed.filter(({ x }) => x >= gutterOf(scene) && x <= width);
  for (const label of momentLabels(seen, width)) write(context, scene, label, y);
}

/** On a narrow canvas the rows above the axis have their names where there is room in them. */
export function drawRowNames(context: Context, scene: Scene, layout: Layout): void {
  const { model, projection, palette, width } = scene;
  const x = (atMs: number): number => xOf(scene, placeOf(projection.scale, atMs));
  const name = (text: string, y: number, taken: readonly (readonly [number, number])[], colour: string): void => {
    const at = freePlace(text, taken, [gutterOf(scene), width - 4]);
    if (at !== null) write(context, scene, { x: at, text, end: false }, y, colour);
  };
  context.textBaseline = 'middle';
  const rows = Map.groupBy(model.bands.keys(), (index) => faultMiddle(index));
  for (const [row, text] of faultRowNames(model.bands).entries()) {
    const bands = (rows.get(faultMiddle(row)) ?? []).flatMap((index) => model.bands[index] ?? []);
    const heads = bands.flatMap((band) => [band.askedMs, band.acknowledgedMs, band.effectMs, band.liftedMs]);
    const taken = heads.flatMap((atMs) => (atMs === null ? [] : [[x(atMs), x(atMs)] as const]));
    name(text, faultMiddle(row), taken, palette.fault);
  }
  if (model.moments.length === 0) return;
  const placed = model.moments.map(({ atMs, label }) => ({ label, x: x(atMs) }));
  const words = momentLabels(placed, width).map((label) => spanOf(label, gutterOf(scene)));
  const heads = placed.map(({ x: at }) => [at, at] as const);
  name(MOMENT_ROW, layout.momentMiddle, [...heads, ...words], palette.bad);
}

/** Words for what failed, beside its mark. */
export function drawWords(context: Context, scene: Scene, layout: Layout): void {
  const { model, projection } = scene;
  context.textBaseline = 'alphabetic';
  const seen = model.failures
    .map((index) => ({ mark: model.marks[index], x: xOf(scene, projection.places[index] ?? 0) }))
    .flatMap(({ mark, x }) => (mark === undefined || x < gutterOf(scene) || x > scene.width ? [] : [{ mark, x }]));
  for (const label of labelsOf(seen, scene.width))
    write(context, scene, label, laneMiddle(layout, label.row) - LABEL_ABOVE);
}

/** Writes so that the lines behind the words do not run through them, and no word begins beyond the left edge. */
function write(
  context: Context,
  scene: Scene,
  { x, text, end }: Pick<Label, 'x' | 'text' | 'end'>,
  y: number,
  colour: string = scene.palette.bad,
): void {
  const { palette } = scene;
  const at = end ? Math.max(gutterOf(scene) + context.measureText(text).width, x) : x;
  context.textAlign = end ? 'right' : 'left';
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeStyle = palette.card;
  context.strokeText(text, at, y);
  context.fillStyle = colour;
  context.fillText(text, at, y);
}
