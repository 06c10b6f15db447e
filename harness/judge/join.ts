/**
 * Brings the client's side, the server's side and the proxy's side of each connection together.
 *
 * Owns the matching: by port where the proxy tells ports, else by the payloads received, which name their connection
 * (CONTRACT, Payloads). A side that cannot be matched for certain stays alone and says why; nothing is guessed.
 */
import type { Ledger } from './ledger.ts';
import type { Side } from './side.ts';
import type { WireConnection } from './wire-connection.ts';

export interface Connection {
  readonly client: Side | null;
  readonly server: Side | null;
  readonly wire: WireConnection | null;
  /** The `c` that keys the client's payloads on it; null: not known. */
  readonly key: number | null;
  /** Why a side stands alone; null when nothing is missing. */
  readonly unjoined: string | null;
}

/** The sides of one attempt that are to be matched. */
export interface Sides {
  readonly clients: readonly Side[];
  readonly servers: readonly Side[];
  readonly wires: readonly WireConnection[];
}

/** @param ledger names the connection of a digest, for a proxy that tells nothing */
export function join(sides: Sides, ledger: Ledger): Connection[] {
  return sides.wires.length > 0 ? joinByPort(sides, ledger) : joinByPayload(sides, ledger);
}

function joinByPort({ clients, servers, wires }: Sides, ledger: Ledger): Connection[] {
  const serverPorts = wires.map((wire) => wire.serverPort);
  const clientPorts = wires.map((wire) => wire.clientPort);
  const clientOf = takeByPort(clients, clientPorts, ledger);
  const serverOf = takeByPort(servers, serverPorts, ledger);
  const again = usedAgain(serverPorts);
  const joined = wires.map((wire) => {
    const client = clientOf(wire.clientPort, wire.acceptedMs, null);
    const key = client?.key ?? null;
    const { serverPort } = wire;
    const server =
      serverPort === null ? null : serverOf(serverPort, wire.acceptedMs, again.has(serverPort) ? key : null);
    return { client, server, wire, key, unjoined: null };
  });
  const taken = new Set(joined.flatMap(({ client, server }) => [client, server]));
  const alone = [...clients, ...servers].filter((side) => !taken.has(side));
  return [...joined, ...alone.map((side) => unjoined(side, 'the proxy tells of no connection with its port'))];
}

/** Ports that more than one connection had, one after the other. */
function usedAgain(ports: readonly (number | null)[]): Set<number | null> {
  return new Set([...Map.groupBy(ports, (port) => port)].flatMap(([port, all]) => (all.length > 1 ? [port] : [])));
}

/**
 * Gives each side of a port once. A port that was used again had one connection after the other: where as many sides told
 * of it, they are the same in order, however long each waited to be accepted. Else a side that heard another key is another
 * connection's, and of the others it is the one established nearest to the asked instant.
 *
 * @param asked the ports of the connections that will be asked for, in order
 */
function takeByPort(
  sides: readonly Side[],
  asked: readonly (number | null)[],
  ledger: Ledger,
): (port: number, nearMs: number, key: number | null) => Side | null {
  const byPort = Map.groupBy(
    sides.filter((side) => side.port !== null),
    (side) => side.port,
  );
  const times = Map.groupBy(asked, (port) => port);
  const inOrder = new Set([...byPort].flatMap(([port, own]) => (own.length === times.get(port)?.length ? [port] : [])));
  return (port, nearMs, key) => {
    const candidates = byPort.get(port) ?? [];
    if (inOrder.has(port)) return candidates.shift() ?? null;
    const distance = (side: Side) => Math.abs((side.established?.atMs ?? 0) - nearMs);
    const fits = (side: Side) => key === null || (keyHeardBy(side, ledger) ?? key) === key;
    const nearest = candidates
      .filter((side) => fits(side))
      .reduce<Side | null>((best, side) => (best === null || distance(side) < distance(best) ? side : best), null);
    if (nearest !== null) candidates.splice(candidates.indexOf(nearest), 1);
    return nearest;
  };
}

function joinByPayload({ clients, servers }: Sides, ledger: Ledger): Connection[] {
  const reached = clients.filter((side) => side.established !== null);
  const [client, server] = [reached[0], servers[0]];
  if (reached.length === 1 && servers.length === 1 && client !== undefined && server !== undefined) {
    const others = clients.filter((side) => side !== client);
    return [
      { client, server, wire: null, key: client.key, unjoined: null },
      ...others.map((side) => unjoined(side, ALONE)),
    ];
  }
  const serverByKey = onlyOnes(servers, (side) => keyHeardBy(side, ledger));
  const clientByKey = onlyOnes(reached, (side) => side.key);
  const connections = clients.map((side): Connection => {
    const match = side.key !== null && clientByKey.get(side.key) === side ? serverByKey.get(side.key) : undefined;
    return match === undefined
      ? unjoined(side, ALONE)
      : { client: side, server: match, wire: null, key: side.key, unjoined: null };
  });
  const taken = new Set(connections.map((connection) => connection.server));
  const left = servers.filter((side) => !taken.has(side));
  return [...connections, ...left.map((side) => ({ ...unjoined(side, ALONE), key: keyHeardBy(side, ledger) }))];
}

const ALONE = 'the proxy tells nothing, and no payload names the other side for certain';

/** The sides whose key no other side has. */
function onlyOnes(sides: readonly Side[], keyOf: (side: Side) => number | null): Map<number, Side> {
  const byKey = Map.groupBy(sides, keyOf);
  return new Map(
    [...byKey].flatMap(([key, own]) =>
      key !== null && own.length === 1 && own[0] !== undefined ? [[key, own[0]]] : [],
    ),
  );
}

/** The connection that the first recognised payload names. */
function keyHeardBy(side: Side, ledger: Ledger): number | null {
  for (const received of side.received) {
    const origin = ledger.recognise(received.event.sha256)?.origin;
    if (typeof origin === 'number') return origin;
  }
  return null;
}

function unjoined(side: Side, why: string): Connection {
  const key = side.role === 'client' ? side.key : null;
  return {
    client: side.role === 'client' ? side : null,
    server: side.role === 'server' ? side : null,
    wire: null,
    key,
    unjoined: side.established === null ? null : why,
  };
}
