/**
 * Faults of the networks of a cell's subjects: how each is delivered, and what proves it.
 *
 * Owns which helper serves which container. What a fault means stands in `scenario/fault.ts`; when it comes and goes is
 * the schedule's matter.
 */
import type { Role } from '../../../contract/words.ts';
import type { IcmpError, PacketFault, PlannedFault } from '../../../scenario/fault.ts';
import type { Delivery, NetworkControl, NetworkFaultInForce, OnContainer } from '../../cell.ts';
import { monotonicMs } from '../../clock.ts';
import type { Container, Engine } from '../engine.ts';
import { detach } from './attachment.ts';
import { startHelper } from './helper-container.ts';
import type { NetworkHelper } from './helper-container.ts';
import { restart } from './restart.ts';
import type { OnState } from './restart.ts';

/** What the faults are done to. */
export interface Scenery {
  readonly engine: Engine;
  /** The run's name. */
  readonly run: string;
  /** The helper's image, made at the first need. */
  readonly helperImage: () => Promise<string>;
  readonly container: (role: Role) => Container;
  /** Told of a place whose network may not be as it was: a fault of it could not be put into effect, or not be taken back. */
  readonly onSpoilt: (role: Role) => void;
}

export class NetworkFaults implements NetworkControl, AsyncDisposable {
  readonly #scenery: Scenery;
  readonly #helpers = new Map<Role, Kept>();
  /** Roles whose container was restarted by a fault since its helper was started. */
  readonly #restarted = new Set<Role>();

  constructor(scenery: Scenery) {
    this.#scenery = scenery;
  }

  async prepare(fault: PacketFault): Promise<void> {
    if (fault.kind !== 'cut' && fault.kind !== 'restart') await this.#newestHelper(placeOf(fault));
  }

  async install(fault: PacketFault, onContainer: OnContainer = () => undefined): Promise<NetworkFaultInForce> {
    const noted = async <Value>(work: Promise<Value>): Promise<Value> => {
      try {
        return await work;
      } catch (error) {
        this.#scenery.onSpoilt(placeOf(fault));
        throw error;
      }
    };
    const inForce = await noted(this.#install(fault, onContainer));
    const { lift } = inForce;
    return lift === null ? inForce : { ...inForce, lift: () => noted(lift()) };
  }

  async #install(fault: PacketFault, onContainer: OnContainer): Promise<NetworkFaultInForce> {
    const { engine, container } = this.#scenery;
    switch (fault.kind) {
      case 'cut':
        return cut(engine, container(fault.role), (state) => onContainer(fault.role, state));
      case 'restart':
        this.#restarted.add(fault.role);
        return restart(engine, container(fault.role), (state) => onContainer(fault.role, state));
      case 'kill-socket':
        return this.#killSockets(fault);
      case 'drop':
        return this.#rule(fault, { do: 'drop', hook: hookOf(fault), packets: 'all', oneIn: fault.oneIn });
      case 'hang-connect':
        return this.#rule(fault, { do: 'drop', hook: 'output', packets: 'syn', oneIn: 1 });
      case 'reject':
        return this.#rule(fault, { do: 'reject', icmp: fault.icmp });
      case 'rate':
        return this.#rule(fault, { do: 'rate', kilobytesPerSecond: fault.kilobytesPerSecond });
    }
  }

  /** What a rule did is known when it is taken back; it is in force from its making on. */
  async #rule(fault: PacketFault, rule: Rule): Promise<NetworkFaultInForce> {
    const role = placeOf(fault);
    const helper = await this.#helper(role);
    const earliestMs = monotonicMs();
    await helper.ask({ ...rule, id: fault.id });
    const latestMs = monotonicMs();
    return {
      answer: 'rule made',
      delivery: null,
      lift: async () => {
        const count = await helper.ask({ do: 'lift', id: fault.id });
        if (count === 0) return null;
        const proof = `a rule in the ${role}'s network ${DID[rule.do](count)}`;
        return { earliestMs, latestMs, grade: 'kernel', count, proof };
      },
    };
  }

  async #killSockets(fault: Extract<PlannedFault, { kind: 'kill-socket' }>): Promise<NetworkFaultInForce> {
    const helper = await this.#helper(fault.role);
    // The kernel tells the peer by a reset; who is not to be told must not get that.
    if (!fault.peerTold) await helper.ask({ do: 'drop', id: fault.id, hook: 'output', packets: 'rst', oneIn: 1 });
    const earliestMs = monotonicMs();
    const count = await helper.ask({ do: 'kill-sockets' });
    const latestMs = monotonicMs();
    const proof = `the kernel aborted ${count} connections of the ${fault.role}`;
    const delivery: Delivery | null = count === 0 ? null : { earliestMs, latestMs, grade: 'kernel', count, proof };
    if (fault.peerTold) return { answer: 'aborted', delivery, lift: null };
    return {
      answer: 'aborted, its resets dropped',
      delivery: null,
      lift: async () => {
        const resets = await helper.ask({ do: 'lift', id: fault.id });
        if (delivery === null || resets === 0) return null;
        return { ...delivery, proof: `${proof}, and a rule dropped the ${resets} resets` };
      },
    };
  }

  /** The one that was made ready: to ask the engine once more would let the fault come late. */
  #helper(role: Role): Promise<NetworkHelper> {
    const kept = this.#restarted.has(role) ? undefined : this.#helpers.get(role);
    return kept?.helper ?? this.#newestHelper(role);
  }

  /** One for each start of a container: one that starts again, or is another, has another network namespace. */
  async #newestHelper(role: Role): Promise<NetworkHelper> {
    const { engine, run, helperImage, container } = this.#scenery;
    const target = container(role);
    const { State } = await target.inspect();
    const start = `${target.id} ${State.StartedAt}`;
    const kept = this.#helpers.get(role);
    if (kept?.start === start) return kept.helper;
    const helper = helperImage().then((image) => startHelper(engine, run, image, target));
    const newest = { start, helper };
    this.#helpers.set(role, newest);
    this.#restarted.delete(role);
    // Who waits for it is told; the next one tries again.
    helper.catch(() => this.#helpers.get(role) === newest && this.#helpers.delete(role));
    if (kept !== undefined) await ended(kept);
    return helper;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const kept = [...this.#helpers.values()];
    this.#helpers.clear();
    await Promise.all(kept.map(ended));
  }
}

/** A helper, and the start of the container that it serves. */
interface Kept {
  readonly start: string;
  readonly helper: Promise<NetworkHelper>;
}

async function ended({ helper }: Kept): Promise<void> {
  const started = await helper.catch(() => null);
  await started?.[Symbol.asyncDispose]();
}

async function cut(engine: Engine, container: Container, onState: OnState): Promise<NetworkFaultInForce> {
  const { delivery, attach } = await detach(engine, container);
  onState('detached');
  return {
    answer: 'disconnected',
    delivery,
    lift: async () => {
      await attach();
      onState('attached');
      return null;
    },
  };
}

type Rule =
  | { readonly do: 'drop'; readonly hook: 'input' | 'output'; readonly packets: 'all' | 'syn'; readonly oneIn: number }
  | { readonly do: 'reject'; readonly icmp: IcmpError }
  | { readonly do: 'rate'; readonly kilobytesPerSecond: number };

/** What a rule did to so many packets. */
const DID: Readonly<Record<Rule['do'], (count: number) => string>> = {
  drop: (count) => `dropped ${count} packets`,
  reject: (count) => `answered ${count} packets by an ICMP error`,
  rate: (count) => `made ${count} packets wait`,
};

/** Whose namespace a fault is made in: who connects is the client. */
function placeOf(fault: PacketFault): Role {
  return fault.kind === 'hang-connect' || fault.kind === 'reject' ? 'client' : fault.role;
}

/** What a client sends goes upstream, what a server sends downstream. */
function hookOf({ role, direction }: Extract<PlannedFault, { kind: 'drop' }>): 'input' | 'output' {
  return (role === 'client') === (direction === 'upstream') ? 'output' : 'input';
}
