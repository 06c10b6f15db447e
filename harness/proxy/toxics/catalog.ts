/**
 * Every toxic type by name.
 */
import { coalesce } from './coalesce.ts';
import { corrupt } from './corrupt.ts';
import { fin } from './fin.ts';
import { fragment } from './fragment.ts';
import { hold } from './hold.ts';
import type { ToxicKind } from './kind.ts';
import { latency } from './latency.ts';
import { reset } from './reset.ts';
import { stall } from './stall.ts';
import { swallow } from './swallow.ts';

const KINDS: ReadonlyMap<string, ToxicKind> = new Map(
  [latency, fragment, coalesce, reset, fin, hold, swallow, stall, corrupt].map((kind) => [kind.type, kind]),
);

/** The toxic type of that name, or undefined. */
export const kindNamed = (type: string): ToxicKind | undefined => KINDS.get(type);
