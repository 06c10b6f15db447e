/**
 * The time axis: where an instant lies between 0 and 1.
 *
 * Most attempts are a burst of a few milliseconds and then a second of silence. The story scale gives each its room:
 * stretches with marks are linear inside, long silences between them are shortened and say how long they were.
 * No Node and no DOM: it runs in the page as well.
 */

export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A rising, piecewise linear map. `timesMs` and `places` are of one length, at least 2. */
export interface Scale {
  readonly timesMs: readonly number[];
  readonly places: readonly number[];
  /** Stretches that are drawn shorter than their time. */
  readonly silences: readonly Silence[];
}

/** Of an attempt, thousands of them: a typed array is sorted the fastest. */
type Instants = ArrayLike<number>;

/** A silence shorter than this never breaks the axis. */
const SHORTEST_SILENCE_MS = 8;

/** A silence must be this much longer than the typical step between marks. */
const SILENCE_TO_STEP = 25;

/** At most this many breaks: the longest silences win. */
const MAX_BREAKS = 6;

/** Share of its room that a piece of the prologue gets. */
const PROLOGUE = 0.55;

/** Room around the first and the last mark. */
const MARGIN = 0.012;

/** The plain axis from one instant to another. */
export function linearScale(fromMs: number, toMs: number): Scale {
  const endMs = toMs > fromMs ? toMs : fromMs + 1;
  return { timesMs: [fromMs, endMs], places: [MARGIN, 1 - MARGIN], silences: [] };
}

/**
 * The story axis over instants in rising order.
 *
 * @param instantsMs at least one
 * @param prologueMs what lies before it sets the stage, and gets less room
 */
export function storyScale(instantsMs: Instants, prologueMs: number = Number.NEGATIVE_INFINITY): Scale {
  const fromMs = instantsMs[0] ?? 0;
  const toMs = instantsMs[instantsMs.length - 1] ?? fromMs;
  const silences = longestSilences(instantsMs, toMs - fromMs);
  if (silences.length === 0) return linearScale(fromMs, toMs);
  const pieces = piecesOf(instantsMs, silences);
  const room = ({ toMs: endMs, weight }: Piece): number => (endMs <= prologueMs ? weight * PROLOGUE : weight);
  const total = pieces.reduce((sum, piece) => sum + room(piece), 0);
  const timesMs = [fromMs];
  const places = [MARGIN];
  let place = MARGIN;
  for (const piece of pieces) {
    place += (room(piece) / total) * (1 - 2 * MARGIN);
    timesMs.push(piece.toMs);
    places.push(place);
  }
  return { timesMs, places, silences };
}

/** Where an instant lies, 0 to 1; instants outside continue the first or last piece. */
export function placeOf(scale: Scale, atMs: number): number {
  return interpolate(scale.timesMs, scale.places, atMs);
}

/** As {@link placeOf}, for many instants that are mostly in order. */
export function placesOf(scale: Scale, instantsMs: Float64Array): Float64Array {
  const { timesMs, places } = scale;
  let piece = 0;
  return instantsMs.map((atMs) => {
    const inside = atMs >= (timesMs[piece] ?? 0) && atMs < (timesMs[piece + 1] ?? 0);
    if (!inside) piece = pieceAt(timesMs, atMs);
    return along(timesMs, places, piece, atMs);
  });
}

/** The instant at a place: the inverse of {@link placeOf}. */
export function instantAt(scale: Scale, place: number): number {
  return interpolate(scale.places, scale.timesMs, place);
}

function longestSilences(instantsMs: Instants, spanMs: number): Silence[] {
  const leastMs = Math.max(
    SHORTEST_SILENCE_MS,
    (spanMs / Math.max(1, instantsMs.length)) * 0.5,
    typicalStep(instantsMs),
  );
  const silences: Silence[] = [];
  for (let index = 1; index < instantsMs.length; index += 1) {
    const fromMs = instantsMs[index - 1] ?? 0;
    const toMs = instantsMs[index] ?? 0;
    if (toMs - fromMs >= leastMs) silences.push({ fromMs, toMs });
  }
  return silences
    .sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
    .slice(0, MAX_BREAKS)
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** What a step must exceed to be a silence, from the median of the steps that take time at all. */
function typicalStep(instantsMs: Instants): number {
  const steps = new Float64Array(instantsMs.length);
  let count = 0;
  for (let index = 1; index < instantsMs.length; index += 1) {
    const stepMs = (instantsMs[index] ?? 0) - (instantsMs[index - 1] ?? 0);
    if (stepMs > 0) steps[count++] = stepMs;
  }
  const ordered = steps.subarray(0, count).sort();
  return (ordered[Math.floor(count / 2)] ?? 0) * SILENCE_TO_STEP;
}

interface Piece {
  readonly toMs: number;
  readonly weight: number;
}

function piecesOf(instantsMs: Instants, silences: readonly Silence[]): Piece[] {
  const pieces: Piece[] = [];
  let fromMs = instantsMs[0] ?? 0;
  let next = 0;
  const busy = (toMs: number): void => {
    const first = next;
    while (next < instantsMs.length && (instantsMs[next] ?? 0) <= toMs) next += 1;
    if (toMs > fromMs) pieces.push({ toMs, weight: busyWeight(next - first) });
    fromMs = toMs;
  };
  for (const silence of silences) {
    busy(silence.fromMs);
    pieces.push({ toMs: silence.toMs, weight: silentWeight(silence.toMs - silence.fromMs) });
    fromMs = silence.toMs;
  }
  busy(instantsMs[instantsMs.length - 1] ?? fromMs);
  return pieces;
}

/** Room by what there is to see: as much again for each mark up to some sixty, then less for each. */
function busyWeight(marks: number): number {
  return 1.5 + Math.min(marks, 60) + 3 * Math.sqrt(Math.max(0, Math.min(marks, 400) - 60));
}

/** A second of silence takes about as much as nine marks; ten times as long, one mark more. */
function silentWeight(silentMs: number): number {
  return 5 + 1.2 * Math.log10(1 + silentMs);
}

function interpolate(from: readonly number[], to: readonly number[], value: number): number {
  return along(from, to, pieceAt(from, value), value);
}

/** The piece that holds a value; the first or the last for what lies outside. */
function pieceAt(from: readonly number[], value: number): number {
  let low = 0;
  let high = from.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((from[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function along(from: readonly number[], to: readonly number[], piece: number, value: number): number {
  const start = from[piece] ?? 0;
  const width = (from[piece + 1] ?? start) - start;
  const begin = to[piece] ?? 0;
  return begin + (width === 0 ? 0 : (value - start) / width) * ((to[piece + 1] ?? begin) - begin);
}
