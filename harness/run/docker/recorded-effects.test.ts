import { expect, test } from 'vitest';

import type { ToxicRequest } from '../proxy-control.ts';
import type { Crossing } from './crossing.ts';
import { recordedEffects } from './recorded-effects.ts';

type Told = Partial<Crossing> & Pick<Crossing, 'way' | 'atMs'>;

const told = (each: Told): Crossing => ({
  conn: 1,
  direction: 'downstream',
  what: 'bytes',
  offset: 0,
  bytes: 10,
  ...each,
});

/** The effects of a fault that was in force all the time, on connections that ended after a second. */
const effects = (toxic: ToxicRequest, ...crossings: Told[]) =>
  recordedEffects({ toxic, fromMs: 0, untilMs: 1000 }, crossings.map(told), () => 1000);

const toxic = { name: 'f1', stream: 'downstream' } as const;
const latency: ToxicRequest = { ...toxic, type: 'latency', attributes: { latency: 100 } };
const reset: ToxicRequest = { ...toxic, type: 'reset', attributes: { bytes: 10 } };
const fin: ToxicRequest = { ...toxic, type: 'fin', attributes: { bytes: 10 } };
const fragment: ToxicRequest = { ...toxic, type: 'fragment', attributes: { every: 2, gap: 1 } };
const bandwidth: ToxicRequest = { ...toxic, type: 'bandwidth', attributes: { rate: 1 } };
const swallow: ToxicRequest = { ...toxic, type: 'swallow', attributes: { bytes: 0 } };

test('bytes that came out as late as asked were delayed, from when they went in', () => {
  expect(effects(latency, { way: 'in', atMs: 5 }, { way: 'out', atMs: 106 })).toMatchObject([
    { effect: 'delayed', atMs: 5, delayMs: 101 },
  ]);
});

test('bytes that came out sooner than asked were not', () => {
  expect(effects(latency, { way: 'in', atMs: 5 }, { way: 'out', atMs: 50 })).toEqual([]);
});

test('bytes that were still inside when the connection ended were kept until then', () => {
  expect(effects(latency, { way: 'in', atMs: 900 })).toMatchObject([{ effect: 'delayed', atMs: 900, delayMs: 100 }]);
  expect(effects(latency, { way: 'in', atMs: 990 })).toEqual([]);
});

test('bytes that came out when the fault was lifted were kept until then', () => {
  const inForce = { toxic: latency, fromMs: 0, untilMs: 60 };
  const crossings = [told({ way: 'in', atMs: 5 }), told({ way: 'out', atMs: 61 })];
  expect(recordedEffects(inForce, crossings, () => 1000)).toMatchObject([{ atMs: 5, delayMs: 56 }]);
});

test('a reset that nobody sent, after exactly the bytes asked for, is the fault', () => {
  const bytes = [
    { way: 'in', atMs: 1 },
    { way: 'out', atMs: 2 },
  ] as const;
  const end = { way: 'out', what: 'rst', offset: 10, bytes: 0, atMs: 3 } as const;
  expect(effects(reset, ...bytes, end)).toMatchObject([{ effect: 'reset', offset: 10, atMs: 3 }]);
  expect(effects(reset, ...bytes, { ...end, offset: 9 })).toEqual([]);
  expect(effects(reset, ...bytes, { ...end, what: 'fin' })).toEqual([]);
});

test('an end that the sender sent is not the fault', () => {
  const end = { what: 'fin', offset: 10, bytes: 0 } as const;
  expect(effects(fin, { way: 'in', atMs: 2, ...end }, { way: 'out', atMs: 3, ...end })).toEqual([]);
  expect(effects(fin, { way: 'out', atMs: 3, ...end })).toMatchObject([{ effect: 'ended', offset: 10 }]);
});

test('an end before the bytes that the sender sent is the fault, though the sender has ended by then', () => {
  const bytes = { way: 'in', bytes: 30, atMs: 1 } as const;
  const sent = { way: 'in', what: 'fin', offset: 30, bytes: 0, atMs: 2 } as const;
  const came = { way: 'out', what: 'fin', offset: 10, bytes: 0, atMs: 3 } as const;
  expect(effects(fin, bytes, sent, came)).toMatchObject([{ effect: 'ended', offset: 10 }]);
  expect(effects(fin, bytes, { ...sent, what: 'rst' }, came)).toEqual([]);
});

test('bytes that took as long as the rate asks for were throttled', () => {
  const sent = { way: 'in', bytes: 100, atMs: 5 } as const;
  expect(effects(bandwidth, sent, { way: 'out', bytes: 100, atMs: 106 })).toMatchObject([
    { effect: 'throttled', atMs: 5, delayMs: 101 },
  ]);
  expect(
    effects(bandwidth, sent, { way: 'out', bytes: 40, atMs: 106 }, { way: 'out', offset: 40, bytes: 60, atMs: 150 }),
  ).toMatchObject([{ delayMs: 145 }]);
});

test('bytes that were only held up a little, as on a busy host, were not', () => {
  const sent = { way: 'in', bytes: 100, atMs: 5 } as const;
  expect(effects(bandwidth, sent, { way: 'out', bytes: 100, atMs: 60 })).toEqual([]);
  expect(effects(bandwidth, { ...sent, bytes: 10 }, { way: 'out', bytes: 10, atMs: 17 })).toEqual([]);
});

test('bytes of a burst wait for those before them, each too few to tell by itself', () => {
  const burst = [0, 10, 20].map((offset) => ({ way: 'in', offset, atMs: 5 }) as const);
  const outAt = (...atMs: number[]) => atMs.map((ms, index) => ({ way: 'out', offset: index * 10, atMs: ms }) as const);
  expect(effects(bandwidth, ...burst, ...outAt(15, 25, 35))).toMatchObject([{ offset: 10, delayMs: 20 }]);
  expect(effects(bandwidth, ...burst, ...outAt(6, 7, 26))).toEqual([]);
});

test('bytes that were still inside when the rate was lifted were throttled, if it takes as long for them', () => {
  const inForce = { toxic: bandwidth, fromMs: 0, untilMs: 60 };
  const found = (bytes: number) =>
    recordedEffects(inForce, [told({ way: 'in', bytes, atMs: 5 }), told({ way: 'out', bytes, atMs: 61 })], () => 1000);
  expect(found(200)).toMatchObject([{ effect: 'throttled', delayMs: 56 }]);
  expect(found(10)).toEqual([]);
});

test('a message that nobody cut is not cut, whatever small piece follows it', () => {
  const whole = { way: 'in', atMs: 1 } as const;
  const next = { way: 'in', offset: 10, bytes: 2, atMs: 3 } as const;
  const came = [
    { way: 'out', atMs: 2 },
    { ...next, way: 'out', atMs: 4 },
  ] as const;
  expect(effects(fragment, whole, next, ...came)).toEqual([]);
});

test('the rest of a whole is no piece that was cut from it', () => {
  const came = [
    { way: 'out', bytes: 8, atMs: 2 },
    { way: 'out', offset: 8, bytes: 2, atMs: 3 },
  ] as const;
  expect(effects(fragment, { way: 'in', atMs: 1 }, ...came)).toEqual([]);
});

test('a later whole that came out in pieces was cut, where the first was not', () => {
  const later = { way: 'in', offset: 10, atMs: 3 } as const;
  const came = [
    { way: 'out', atMs: 2 },
    { way: 'out', offset: 12, bytes: 2, atMs: 5 },
  ] as const;
  expect(effects(fragment, { way: 'in', atMs: 1 }, later, ...came)).toMatchObject([{ effect: 'cut', offset: 12 }]);
});

test('what went in whole and came out in pieces was cut', () => {
  expect(effects(fragment, { way: 'in', atMs: 1 }, { way: 'out', bytes: 2, atMs: 2 })).toMatchObject([
    { effect: 'cut', offset: 0, bytes: 2 },
  ]);
  expect(effects(fragment, { way: 'in', atMs: 1 }, { way: 'out', bytes: 10, atMs: 2 })).toEqual([]);
});

test('what went in and never came out was swallowed', () => {
  expect(effects(swallow, { way: 'in', atMs: 1 })).toMatchObject([{ effect: 'swallowed', bytes: 10 }]);
  expect(effects(swallow, { way: 'in', atMs: 1 }, { way: 'out', atMs: 2 })).toEqual([]);
});

test('each connection has an effect of its own, and the other direction none', () => {
  const found = effects(
    swallow,
    { way: 'in', conn: 1, atMs: 1 },
    { way: 'in', conn: 2, atMs: 2 },
    { way: 'in', conn: 3, direction: 'upstream', atMs: 3 },
  );
  expect(found.map(({ conn }) => conn)).toEqual([1, 2]);
});

test('what went in before the fault proves nothing of it', () => {
  const inForce = { toxic: swallow, fromMs: 10, untilMs: 1000 };
  expect(recordedEffects(inForce, [told({ way: 'in', atMs: 1 })], () => 1000)).toEqual([]);
});
