/**
 * What the harness says to the network helper and what it answers: one JSON object a line, answers in the order of requests.
 *
 * Owns the words. Imports nothing: the helper's image holds this folder alone.
 */

/** Which packets: all, those that open a connection, or resets. */
export type Packets = 'all' | 'syn' | 'rst';

/** What a packet is answered by, as nft calls it. */
export type IcmpError =
  | 'net-unreachable'
  | 'host-unreachable'
  | 'prot-unreachable'
  | 'port-unreachable'
  | 'admin-prohibited';

/** Where packets are taken: before they leave the namespace, or after they have come. */
export type Hook = 'output' | 'input';

export type HelperRequest =
  /** Drops one packet in `oneIn`, counting. */
  | {
      readonly do: 'drop';
      readonly id: string;
      readonly hook: Hook;
      readonly packets: Packets;
      readonly oneIn: number;
    }
  /** Answers every packet that would open a connection from here by an ICMP error in its stead, counting. */
  | { readonly do: 'reject'; readonly id: string; readonly icmp: IcmpError }
  /** Sends no faster than this. */
  | { readonly do: 'rate'; readonly id: string; readonly kilobytesPerSecond: number }
  /** Aborts every connection of the namespace that is established or on its way there. */
  | { readonly do: 'kill-sockets' }
  /** How many rules of any helper's making are in force in the namespace. */
  | { readonly do: 'count-rules' }
  /** Takes a `drop`, `reject` or `rate` back, telling what it did until then. */
  | { readonly do: 'lift'; readonly id: string };

export type HelperAnswer =
  /** How many packets were dropped, rejected or made to wait, connections aborted or rules found, as far as the request is about any. */
  { readonly ok: true; readonly count: number } | { readonly ok: false; readonly problem: string };

/** Said once, when requests can be made. */
export const READY = 'ready';
