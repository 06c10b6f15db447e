/**
 * Faults of a subject's network as actions: what the receipt says of each, and who is asked.
 *
 * Owns the words; how a fault is delivered belongs to the cell.
 */
import { isPacketFault } from '../../scenario/fault.ts';
import type { PacketFault, PlannedFault } from '../../scenario/fault.ts';
import type { Cell } from '../cell.ts';
import type { Recorder } from '../recorder.ts';
import type { Action } from './install.ts';

/**
 * Makes ready what faults of the network need, so that nothing is left to be started when the first of them is due. Never
 * throws: what fails here fails again, and is recorded, when it is installed.
 */
export async function prepareNetwork(faults: readonly PlannedFault[], { network }: Cell): Promise<void> {
  if (network === null) return;
  await Promise.all(faults.filter(isPacketFault).map((fault) => network.prepare(fault).catch(() => {})));
}

/** How a fault of the network is put into effect and taken back. */
export function networkAction(fault: PacketFault, { cell, recorder }: { cell: Cell; recorder: Recorder }): Action {
  const { network } = cell;
  if (network === null) throw new Error(`a ${cell.kind} cell has no network of its own to do a ${fault.kind} to`);
  let lift: (() => ReturnType<NonNullable<Action['lift']>>) | null = null;
  return {
    request: requestOf(fault),
    install: async () => {
      if (fault.kind === 'restart')
        recorder.record({ kind: 'signalled', role: fault.role, signal: 'SIGKILL', why: 'fault' });
      const inForce = await network.install(fault, recorder.onContainer);
      ({ lift } = inForce);
      return inForce;
    },
    lift: () => lift?.() ?? Promise.resolve(null),
  };
}

function requestOf(fault: PacketFault): string {
  switch (fault.kind) {
    case 'cut':
      return `take the ${fault.role} off its network`;
    case 'restart':
      return `take the ${fault.role} off its network and kill its container`;
    case 'drop': {
      const share = fault.oneIn === 1 ? 'every packet' : `one packet in ${fault.oneIn}`;
      return `drop ${share} ${fault.direction} at the ${fault.role}`;
    }
    case 'rate':
      return `let the ${fault.role} send no more than ${fault.kilobytesPerSecond} kB/s`;
    case 'kill-socket':
      return `abort the ${fault.role}'s connections${fault.peerTold ? '' : ', and drop the resets'}`;
    case 'reject':
      return `answer every SYN that the client sends by ICMP ${fault.icmp}`;
    case 'hang-connect':
      return 'drop every SYN that the client sends';
  }
}
