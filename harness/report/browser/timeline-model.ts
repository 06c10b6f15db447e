/**
 * One time line, unpacked and laid out: places of all marks on the axis in force.
 */
import type { Axes } from '../timeline/axis.ts';
import type { Band } from '../timeline/bands.ts';
import { decodeTimeline } from '../timeline/columns.ts';
import { flightsOf } from '../timeline/flights.ts';
import type { Flight } from '../timeline/flights.ts';
import { kindOf } from '../timeline/mark.ts';
import type { Mark } from '../timeline/mark.ts';
import type { Moment } from '../timeline/moments.ts';
import { placesOf } from '../timeline/story-scale.ts';
import type { Scale } from '../timeline/story-scale.ts';

export type AxisName = keyof Axes;

/** What one axis makes of the marks. */
export interface Projection {
  readonly scale: Scale;
  /** Place of each mark, rising. */
  readonly places: Float64Array;
  /** Places at which each flight leaves and arrives. */
  readonly leaves: Float64Array;
  readonly arrives: Float64Array;
}

export interface TimelineModel {
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
  readonly moments: readonly Moment[];
  /** Indices of the marks that are failures. */
  readonly failures: readonly number[];
  readonly flights: readonly Flight[];
  readonly project: (axis: AxisName) => Projection;
}

/** Unpacks the block that stands in the page. */
export async function unpackTimeline(base64: string): Promise<TimelineModel> {
  const { marks, bands, moments, axes } = decodeTimeline(await inflate(base64));
  const flights = flightsOf(marks).sort((a, b) => a.fromMs - b.fromMs);
  const projections = new Map<AxisName, Projection>();
  const project = (axis: AxisName): Projection => {
    const known = projections.get(axis);
    if (known !== undefined) return known;
    const scale = axes[axis];
    const projection: Projection = {
      scale,
      places: placesOf(
        scale,
        instants(marks, ({ atMs }) => atMs),
      ),
      leaves: placesOf(
        scale,
        instants(flights, ({ fromMs }) => fromMs),
      ),
      arrives: placesOf(
        scale,
        instants(flights, ({ toMs }) => toMs),
      ),
    };
    projections.set(axis, projection);
    return projection;
  };
  const failures = marks.flatMap((mark, index) => (kindOf(mark).tone === 'bad' ? [index] : []));
  return { marks, bands, moments, failures, flights, project };
}

function instants<Value>(values: readonly Value[], atMs: (value: Value) => number): Float64Array {
  const all = new Float64Array(values.length);
  for (const [index, value] of values.entries()) all[index] = atMs(value);
  return all;
}

async function inflate(base64: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Index of the first place that is not below `place`. */
export function firstAt(places: Float64Array, place: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
