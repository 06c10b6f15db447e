/**
 * Integers in network order: the HOWTO's `htons`, `htonl`, `ntohs`, `ntohl`, and their 64-bit kin.
 *
 * On a machine whose own order is big-endian they do nothing, elsewhere they swap the bytes. To put an integer into a
 * message, `DataView` with an explicit order is the shorter way. (HOWTO, "Binary Data".)
 */
import { shown } from './arguments.ts';
import type { SocketCode } from './socket-error.ts';

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;
const MAX_64 = 0xffff_ffff_ffff_ffffn;

const CODE: SocketCode = 'invalid';

/** A RangeError, which is what it is, with the code that every wrong argument has. */
function outOfRange(value: unknown, what: string, max: number | bigint): RangeError {
  return Object.assign(new RangeError(`Cannot convert ${shown(value)}: it must be ${what} from 0 to ${max}`), {
    code: CODE,
  });
}

function checked(value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw outOfRange(value, 'an integer', max);
}

function checked64(value: bigint): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_64) return value;
  throw outOfRange(value, 'a bigint', MAX_64);
}

/** Converts 16 bits from host to network order. Throws RangeError `invalid`. */
export function htons(value: number): number {
  const host = checked(value, MAX_16);
  return LITTLE_ENDIAN ? ((host & 0xff) << 8) | (host >>> 8) : host;
}

/** Converts 32 bits from host to network order. Throws RangeError `invalid`. */
export function htonl(value: number): number {
  const host = checked(value, MAX_32);
  if (!LITTLE_ENDIAN) return host;
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, host, true);
  return view.getUint32(0, false);
}

/** Converts 64 bits from host to network order. Throws RangeError `invalid`. */
export function htonll(value: bigint): bigint {
  const host = checked64(value);
  if (!LITTLE_ENDIAN) return host;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, host, true);
  return view.getBigUint64(0, false);
}

/** Converts 16 bits from network to host order: the same swap as the other way. Throws RangeError `invalid`. */
export function ntohs(value: number): number {
  return htons(value);
}

/** Converts 32 bits from network to host order. Throws RangeError `invalid`. */
export function ntohl(value: number): number {
  return htonl(value);
}

/** Converts 64 bits from network to host order. Throws RangeError `invalid`. */
export function ntohll(value: bigint): bigint {
  return htonll(value);
}
