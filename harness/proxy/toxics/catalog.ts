/**
 * Every toxic type by name: Toxiproxy's, then ours.
 */
import { bandwidth } from './bandwidth.ts';
import { coalesce } from './coalesce.ts';
import { corrupt } from './corrupt.ts';
import { fin } from './fin.ts';
import { fragment } from './fragment.ts';
import { hold } from './hold.ts';
import type { ToxicKind } from './kind.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import { noop } from './noop.ts';
import { reset } from './reset.ts';
import { resetPeer } from './reset-peer.ts';
import { slicer } from './slicer.ts';
import { slowClose } from './slow-close.ts';
import { stall } from './stall.ts';
import { swallow } from './swallow.ts';
import { timeout } from './timeout.ts';

const TOXIPROXY = [latency, bandwidth, slowClose, timeout, slicer, limitData, resetPeer, noop];
const OURS = [fragment, coalesce, reset, fin, hold, swallow, stall, corrupt];

const KINDS: ReadonlyMap<string, ToxicKind> = new Map([...TOXIPROXY, ...OURS].map((kind) => [kind.type, kind]));

/** The toxic type of that name, or undefined. */
export const kindNamed = (type: string): ToxicKind | undefined => KINDS.get(type);
