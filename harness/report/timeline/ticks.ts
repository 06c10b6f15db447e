/**
 * What is written along the time axis. No Node and no DOM: it runs in the page as well.
 */
import { count } from '../text/quantity.ts';
import { instantAt, placeOf } from './story-scale.ts';
import type { Scale } from './story-scale.ts';

export interface Tick {
  readonly place: number;
  readonly label: string;
}

/** A shortened silence; its label is empty where there is no room for it. */
export interface Break {
  readonly fromPlace: number;
  readonly toPlace: number;
  readonly label: string;
}

/** Distance between two ticks of a stretch, and what there is at the least between any two. */
const TICK_PIXELS = 64;
const LEAST_APART_PIXELS = 48;

/** Width of a silence from which it takes ticks like any other stretch. */
const WIDE_SILENCE_PIXELS = 420;

/** About as wide as a character of a silence's length is. */
const CHARACTER_PIXELS = 7;

/** A silence that is drawn narrower says nothing of its length. */
const LEAST_PIXELS = 36;

/** Words may reach so far beyond the ends. */
const EDGE_PIXELS = 4;

/** Between two labels at least. */
const BETWEEN_PIXELS = 8;

const STEPS = [1, 2, 5] as const;

/** The part of the scale that is drawn, and how wide one whole scale would be. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
}

export function ticksOf(scale: Scale, view: View): Tick[] {
  const ticks: Tick[] = [];
  for (let index = 1; index < scale.timesMs.length; index += 1) {
    const from = Math.max(view.from, scale.places[index - 1] ?? 0);
    const to = Math.min(view.to, scale.places[index] ?? 1);
    const pixels = (to - from) * view.pixels;
    if (pixels < LEAST_APART_PIXELS || isBreak(scale, index, pixels)) continue;
    ticks.push(...pieceTicks(scale, from, to, pixels));
  }
  return spaced(clearOf(ticks, breaksOf(scale, view), view.pixels), view.pixels).map((tick) => uncut(tick, view));
}

/** A label that would be cut at an edge says something else: it is left out. */
function uncut({ place, label }: Tick, { from, to, pixels }: View): Tick {
  const half = (label.length * CHARACTER_PIXELS) / 2 - EDGE_PIXELS;
  const isCut = (place - from) * pixels < half || (to - place) * pixels < half;
  return { place, label: isCut ? '' : label };
}

/** The ticks whose labels run into no label of a silence. */
function clearOf(ticks: readonly Tick[], breaks: readonly Break[], pixels: number): Tick[] {
  const labels = breaks.flatMap(({ fromPlace, toPlace, label }): Tick[] =>
    label === '' ? [] : [{ place: (fromPlace + toPlace) / 2, label }],
  );
  return ticks.filter((tick) => labels.every((label) => isClear(tick, label, pixels)));
}

/** Both labels stand in the middle of their places. */
function isClear(one: Tick, other: Tick, pixels: number): boolean {
  const halves = ((one.label.length + other.label.length) * CHARACTER_PIXELS) / 2;
  return Math.abs(one.place - other.place) * pixels >= Math.max(LEAST_APART_PIXELS, halves + BETWEEN_PIXELS);
}

/** The silences in view, as far as they are, that are drawn short, with their whole length. */
export function breaksOf(scale: Scale, view: View): Break[] {
  const breaks = scale.silences
    .map(({ fromMs, toMs }) => ({
      fromPlace: Math.max(view.from, placeOf(scale, fromMs)),
      toPlace: Math.min(view.to, placeOf(scale, toMs)),
      label: silenceLabel(toMs - fromMs),
    }))
    .filter(({ fromPlace, toPlace }) => toPlace > fromPlace)
    .filter(({ fromPlace, toPlace }) => (toPlace - fromPlace) * view.pixels < WIDE_SILENCE_PIXELS)
    .sort((a, b) => a.fromPlace - b.fromPlace);
  let takenPixels = Number.NEGATIVE_INFINITY;
  return breaks.map((each) => {
    const middle = ((each.fromPlace + each.toPlace) / 2) * view.pixels;
    const half = (each.label.length * CHARACTER_PIXELS) / 2;
    const isWide = (each.toPlace - each.fromPlace) * view.pixels >= LEAST_PIXELS;
    if (!isWide || middle - half < takenPixels) return { ...each, label: '' };
    takenPixels = middle + half + BETWEEN_PIXELS;
    return each;
  });
}

function isBreak(scale: Scale, index: number, pixels: number): boolean {
  const fromMs = scale.timesMs[index - 1];
  return pixels < WIDE_SILENCE_PIXELS && scale.silences.some((silence) => silence.fromMs === fromMs);
}

function pieceTicks(scale: Scale, from: number, to: number, pixels: number): Tick[] {
  const fromMs = instantAt(scale, from);
  const toMs = instantAt(scale, to);
  const stepMs = niceStep((toMs - fromMs) / Math.max(1, pixels / TICK_PIXELS));
  const ticks: Tick[] = [];
  for (let number = Math.ceil(fromMs / stepMs); number * stepMs <= toMs && ticks.length < 100; number += 1) {
    ticks.push({ place: placeOf(scale, number * stepMs), label: tickLabel(number * stepMs, stepMs) });
  }
  return ticks;
}

/** The least of 1, 2, 5 times a power of ten that is not below `leastMs`. */
function niceStep(leastMs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(leastMs, 1e-4)));
  return (STEPS.find((step) => step * power >= leastMs) ?? 10) * power;
}

function tickLabel(atMs: number, stepMs: number): string {
  const digits = stepMs >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(stepMs)));
  const text = Math.abs(atMs).toFixed(digits);
  const [whole = '0', part] = text.split('.');
  return `${atMs < 0 ? '−' : ''}${count(Number(whole))}${part === undefined ? '' : `.${part}`} ms`;
}

function silenceLabel(silentMs: number): string {
  return `+${silentMs >= 10 ? count(Math.round(silentMs)) : silentMs.toFixed(1)} ms`;
}

/** Each that runs into none before it. */
function spaced(ticks: readonly Tick[], pixels: number): Tick[] {
  let last: Tick | null = null;
  return ticks.filter((tick) => {
    if (last !== null && !isClear(last, tick, pixels)) return false;
    last = tick;
    return true;
  });
}
