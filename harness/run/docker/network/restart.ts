/**
 * A host that goes without a word and comes back with an empty memory, played by a container.
 *
 * Owns the order of steps: off the network first, so that nothing its kernel says for the dead gets out; killed then;
 * started and put back, under the same address, when the fault is lifted. What ran in it does not run again.
 */
import type { ContainerState } from '../../../evidence/record.ts';
import type { NetworkFaultInForce } from '../../cell.ts';
import { monotonicMs } from '../../clock.ts';
import { answered } from '../engine.ts';
import type { Container, Engine } from '../engine.ts';
import { detach } from './attachment.ts';

/** Told of each state of the container once the engine has confirmed it. */
export type OnState = (state: ContainerState) => void;

export async function restart(engine: Engine, container: Container, onState: OnState): Promise<NetworkFaultInForce> {
  const before = (await container.inspect()).State.StartedAt;
  const { delivery, attach } = await detach(engine, container);
  onState('detached');
  const gone = container.wait();
  await answered('a container was to be killed', Promise.all([gone, container.kill({ signal: 'SIGKILL' })]));
  onState('killed');
  return {
    answer: 'off its network, and killed',
    delivery: {
      ...delivery,
      latestMs: monotonicMs(),
      proof: `${delivery.proof}, and that it was killed after that`,
    },
    lift: async () => {
      await container.start();
      const { State } = await container.inspect();
      if (!State.Running || State.StartedAt === before)
        throw new Error(`container ${container.id.slice(0, 12)} was not started again`);
      onState('running');
      await attach();
      onState('attached');
      return null;
    },
  };
}
