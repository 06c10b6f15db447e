/**
 * The first look at a role: whether it comes to life at all. Without that nothing else of the role can be checked.
 */
import { WORKLOADS } from '../../contract/words.ts';
import type { Role, Workload } from '../../contract/words.ts';
import { Missed } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import type { Stage } from '../stage.ts';

const MOST_LIKELY_FIRST = [...new Set<Workload>(['echo', ...WORKLOADS])];

const LOOKS: Readonly<Record<Role, Omit<Clause, 'role' | 'exercise'>>> = {
  server: {
    id: 'server/listening',
    text: 'A server told port 0 says "listening" with the port it got, and accepts connections there',
    passage: 'Output: events',
  },
  client: {
    id: 'client/connecting',
    text: 'A client says "connecting", connects to HALFOPEN_HOST and HALFOPEN_PORT, and says "connected"',
    passage: 'Output: events',
  },
};

async function lookAtServer(stage: Stage, exchange: Exchange): Promise<void> {
  const { run, port } = await stage.startServer(exchange);
  await stage.dial(port);
  await run.event('accepted');
}

async function lookAtClient(stage: Stage, exchange: Exchange): Promise<void> {
  const { run, listener } = await stage.startClient(exchange);
  const peer = await listener.next();
  const { event } = await run.event('connected');
  if (event.localPort === peer.remotePort) return;
  throw new Missed(`"connected" with localPort ${peer.remotePort}`, `it said ${event.localPort}`);
}

function firstLook(role: Role): Clause {
  return {
    ...LOOKS[role],
    role,
    // Any workload will do; a subject may support only one of them, and only in one framing.
    exercise: async (stage) => {
      const look = role === 'server' ? lookAtServer : lookAtClient;
      for (const workload of MOST_LIKELY_FIRST) {
        try {
          return await look(stage, new Exchange(workload, {}));
        } catch (error) {
          if (!(error instanceof Missed) || !(await stage.lastIsUnsupported())) throw error;
        }
      }
      throw new Missed('at least one workload', 'it says of each that it is unsupported');
    },
  };
}

export const FIRST_LOOKS: Readonly<Record<Role, Clause>> = { server: firstLook('server'), client: firstLook('client') };
