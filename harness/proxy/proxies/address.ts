/**
 * Addresses as Toxiproxy writes them: `host:port`, `[v6]:port`, `:port`, and `unix:/path` beside.
 */
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6, type Server } from 'node:net';

export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** An address that cannot be used; the message says which and why, in Go's words where clients know them. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

const UNIX = 'unix:';

/**
 * Reads an address. An empty host means all addresses of the machine, an empty text a free port on all of them.
 *
 * @throws AddressError
 */
export const parseAddress = (text: string): Address => {
  if (text.startsWith(UNIX)) {
    const path = text.slice(UNIX.length).replace(/^\/\/(?=\/)/, '');
    if (path === '') throw new AddressError(`address ${text}: missing path`);
    return { kind: 'unix', path };
  }
  if (text === '') return { kind: 'tcp', host: '', port: 0 };
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(text);
  if (match === null) {
    const why = /:[^\]]*:/.test(text) ? 'too many colons in address' : 'missing port in address';
    throw new AddressError(`address ${text}: ${why}`);
  }
  const port = Number(match[3] === '' ? 0 : match[3]);
  if (!/^\d*$/.test(match[3] ?? '') || port > 65_535) throw new AddressError(`address ${match[3]}: invalid port`);
  return { kind: 'tcp', host: match[1] ?? match[2] ?? '', port };
};

/** Writes an address as it was read. */
export const formatAddress = (address: Address): string => {
  if (address.kind === 'unix') return `${UNIX}${address.path}`;
  return `${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`;
};

/**
 * The address with its host name resolved, IPv4 first, as Go listens.
 *
 * @throws AddressError when the name does not resolve
 */
export const resolveAddress = async (address: Address): Promise<Address> => {
  if (address.kind === 'unix' || address.host === '' || isIP(address.host) !== 0) return address;
  try {
    const found = await lookup(address.host, { order: 'ipv4first' });
    return { ...address, host: found.address };
  } catch (cause) {
    throw new AddressError(`lookup ${address.host}: no such host`, { cause });
  }
};

/** True when both name the same place; port 0 is a different place each time. */
export const sameAddress = (one: Address, other: Address): boolean => {
  if (one.kind === 'tcp' && one.port === 0) return false;
  return formatAddress(one) === formatAddress(other);
};

/** Where a listening server really is: the port resolved. */
export const boundAddress = (server: Server, asked: Address): string => {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return formatAddress(asked);
  return formatAddress({ kind: 'tcp', host: bound.address, port: bound.port });
};
