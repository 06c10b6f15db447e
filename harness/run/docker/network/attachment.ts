/**
 * A container's place on its network, which it can be taken off and put back to.
 *
 * Owns the address: a container that comes back with another one is not the same host, and putting it back fails.
 */
import { monotonicMs } from '../../clock.ts';
import type { Delivery } from '../../cell.ts';
import type { Container, Engine } from '../engine.ts';

/** A container off its network. */
export interface Detached {
  readonly delivery: Delivery;
  /** Puts it back. */
  readonly attach: () => Promise<void>;
}

/**
 * Takes a container off its network. It has exactly one: a subject's containers do.
 *
 * @throws {Error} where it is on none, or on several
 */
export async function detach(engine: Engine, container: Container): Promise<Detached> {
  const [place, ...others] = await placesOf(container);
  if (place === undefined || others.length > 0) {
    throw new Error(
      `container ${short(container)} is on ${others.length + (place === undefined ? 0 : 1)} networks, not on one`,
    );
  }
  const network = engine.getNetwork(place.network);
  const earliestMs = monotonicMs();
  await network.disconnect({ Container: container.id, Force: true });
  const latestMs = monotonicMs();
  const left = await placesOf(container);
  if (left.length > 0) throw new Error(`container ${short(container)} is still on a network`);
  const proof = `the engine says that container ${short(container)}, ${place.address} until then, is on no network`;
  return {
    delivery: { earliestMs, latestMs, grade: 'engine', proof },
    attach: async () => {
      await network.connect({ Container: container.id, EndpointConfig: { Aliases: [...place.aliases] } });
      const [found] = await placesOf(container);
      if (found?.address === place.address) return;
      throw new Error(
        `container ${short(container)} came back as ${found?.address ?? 'nobody'}, not as ${place.address}`,
      );
    },
  };
}

interface Place {
  readonly network: string;
  readonly address: string;
  readonly aliases: readonly string[];
}

async function placesOf(container: Container): Promise<Place[]> {
  const { NetworkSettings } = await container.inspect();
  return Object.values(NetworkSettings.Networks).map(({ NetworkID, IPAddress, Aliases }) => ({
    network: NetworkID,
    address: IPAddress,
    aliases: Aliases ?? [],
  }));
}

function short({ id }: Container): string {
  return id.slice(0, 12);
}
