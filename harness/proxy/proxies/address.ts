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

const whatIsWrong = (text: string): string => {
  if (text.startsWith('[') && !text.includes(']')) return "missing ']' in address";
  return /:[^\]]*:/.test(text) ? 'too many colons in address' : 'missing port in address';
};

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
    throw new AddressError(`address ${text}: ${whatIsWrong(text)}`);
  }
  const [, inBrackets, bare, portText = ''] = match;
  const port = Number(portText);
  if (!/^-?\d*$/.test(portText)) throw new AddressError(`lookup tcp/${portText}: unknown port`);
  if (!(port >= 0 && port <= 65_535)) throw new AddressError(`address ${portText}: invalid port`);
  return { kind: 'tcp', host: inBrackets ?? bare ?? '', port };
};

/** Writes an address as it was read. */
export const formatAddress = (address: Address): string => {
  if (address.kind === 'unix') return `${UNIX}${address.path}`;
  return `${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`;
};

/** Go listens on all addresses, IPv6 included, on each of these. */
const EVERYWHERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/**
 * The address to listen on: its host name resolved, IPv4 first, as Go does; an empty host means all addresses.
 *
 * @throws AddressError when the name does not resolve
 */
export const resolveAddress = async (address: Address): Promise<Address> => {
  if (address.kind === 'unix') return address;
  if (EVERYWHERE.has(address.host)) return { ...address, host: '' };
  if (isIP(address.host) !== 0) return address;
  try {
    const found = await lookup(address.host, { order: 'ipv4first' });
    return { ...address, host: found.address };
  } catch (cause) {
    throw new AddressError(`lookup ${address.host}: no such host`, { cause });
  }
};

/**
 * True when a proxy that was started on `wanted` would write where it listens as `listen`. A proxy that never was started
 * has its address as it was given, in which a name stands for itself.
 *
 * @throws AddressError when a name does not resolve
 */
export const isWrittenAs = async (wanted: string, listen: string): Promise<boolean> => {
  const address = await resolveAddress(parseAddress(wanted));
  if (address.kind === 'unix') return formatAddress(address) === listen;
  const hosts = address.host === '' ? [...EVERYWHERE] : [address.host];
  return hosts.some((host) => formatAddress({ ...address, host }) === listen);
};

/** Where a listening server really is: the port resolved. */
export const boundAddress = (server: Server, asked: Address): string => {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return formatAddress(asked);
  return formatAddress({ kind: 'tcp', host: bound.address, port: bound.port });
};
