/**
 * What the API tells of one connection. Owns its form; what is told is counted in `connection.ts` and `pipe.ts`.
 */
import { formatAddress } from '../proxies/address.ts';
import type { Leg } from './leg.ts';
import type { Pipe } from './pipe.ts';

/** An address of a peer. Where all addresses are listened on, an IPv4 client comes with an IPv6 address that holds its own. */
const peerOf = ({ socket }: Leg): string | undefined => {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return formatAddress({ kind: 'tcp', host: remoteAddress.replace(/^::ffff:(?=[\d.]+$)/, ''), port: remotePort });
};

/** The peers of a connection: a client on a Unix socket has no address, and shows where it connected to. */
export const describePeers = (
  { client, upstream }: { readonly client: Leg; readonly upstream: Leg | undefined },
  asked: { readonly listen: string; readonly upstream: string },
): { readonly client: string; readonly upstream: string } => ({
  client: peerOf(client) ?? (asked.listen.startsWith('unix:') ? asked.listen : ''),
  upstream: upstream === undefined ? '' : (peerOf(upstream) ?? asked.upstream),
});

/** The bytes of one direction, which are either written, held or lost, and which of its ends is over. */
export const describePipe = (
  { readOffset: read, wroteOffset: wrote, held }: Pipe,
  { sent, received }: { readonly sent: boolean; readonly received: boolean },
): object => ({ read, wrote, held, lost: read - wrote - held, senderEnded: sent, receiverEnded: received });
