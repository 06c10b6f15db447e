/**
 * Who looks on while an attempt goes on: how far it is, and what can be looked into where it is stopped.
 *
 * Owns the words; nothing here can change what the attempt does.
 */
import type { Role } from '../contract/words.ts';

/** Where an attempt is, in the order of its steps. */
export type Phase = 'starting' | 'exchange' | 'settling' | 'winding down' | 'ending';

/** An attempt at this moment. */
export interface AttemptView {
  readonly phase: Phase;
  /** Kinds of the faults in force. */
  readonly faults: readonly string[];
}

/** An attempt stopped once its exchange is over: all of it still runs, and every fault is in force. */
export interface HeldAttempt {
  /** `host:port` of the server as the proxy reaches it, and of the proxy as the client does. */
  readonly serverAt: string;
  readonly proxyAt: string;
  readonly processes: readonly { readonly role: Role; readonly pid: number | null; readonly ended: boolean }[];
  readonly faults: readonly string[];
  /** Where its proxy and its containers are reached, a line each. */
  readonly waysIn: readonly string[];
}

export interface Onlooker {
  /** Told once an attempt begins; `look` may be called at any time, also after its end. */
  begun?(look: () => AttemptView): void;
  /** Awaited once the exchange is over. */
  hold?(held: HeldAttempt): Promise<void>;
}
