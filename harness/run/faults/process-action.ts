/**
 * What a fault does to a process: freezes it, ends it, tells it to end.
 *
 * Owns the record of the signal and the action; how a cell reaches the process is the cell's.
 */
import type { Role } from '../../contract/words.ts';
import type { PlannedFault } from '../../scenario/fault.ts';
import type { Delivery, SubjectProcess } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import type { Action, Scene } from './install.ts';

const KINDS = ['freeze', 'kill', 'stop', 'kill-container'] as const satisfies readonly PlannedFault['kind'][];
type ProcessFault = Extract<PlannedFault, { kind: (typeof KINDS)[number] }>;

const kinds: ReadonlySet<string> = new Set(KINDS);

/** Whether the fault is one of a process. */
export function isProcessFault(fault: PlannedFault): fault is ProcessFault {
  return kinds.has(fault.kind);
}

/** How one is put into effect and taken back. */
export function processAction({ kind, role }: ProcessFault, scene: Scene): Action {
  switch (kind) {
    case 'freeze':
      return freeze(role, scene);
    case 'kill':
      return kill(role, scene);
    case 'stop':
      return stop(role, scene);
    case 'kill-container':
      return killContainer(role, scene);
  }
}

function processOf(role: Role, { processes }: Scene): SubjectProcess {
  const subject = processes.get(role);
  if (subject === undefined) throw new Error(`the ${role} is not running`);
  return subject;
}

function freeze(role: Role, scene: Scene): Action {
  return {
    request: `freeze the ${role}`,
    install: async () => {
      scene.recorder.record({ kind: 'signalled', role, signal: 'SIGSTOP', why: 'fault' });
      return { answer: 'frozen', delivery: await processOf(role, scene).freeze() };
    },
    lift: async () => {
      scene.recorder.record({ kind: 'signalled', role, signal: 'SIGCONT', why: 'lift' });
      await processOf(role, scene).thaw();
      return null;
    },
  };
}

function kill(role: Role, scene: Scene): Action {
  return {
    request: `kill the ${role}`,
    install: async () => {
      scene.recorder.record({ kind: 'signalled', role, signal: 'SIGKILL', why: 'fault' });
      const delivery = await processOf(role, scene).kill();
      if (delivery === null) throw new Error(`the ${role} had ended by itself before it could be killed`);
      return { answer: 'killed', delivery };
    },
    lift: null,
  };
}

/** The end of input cannot be taken back. */
function stop(role: Role, scene: Scene): Action {
  return {
    request: `end the input of the ${role}`,
    install: () => {
      const { recorder } = scene;
      const earliestMs = monotonicMs();
      processOf(role, scene).endInput();
      recorder.record({ kind: 'input-ended', role });
      const proof = `the standard input of the ${role} was ended`;
      const delivery: Delivery = { earliestMs, latestMs: monotonicMs(), grade: 'self', proof };
      return Promise.resolve({ answer: 'input ended', delivery });
    },
    lift: null,
  };
}

function killContainer(role: Role, scene: Scene): Action {
  return {
    request: `kill the container of the ${role}`,
    install: async () => {
      const { killContainer: killIt } = processOf(role, scene);
      if (killIt === undefined) throw new Error(`the ${role} has no container`);
      scene.recorder.record({ kind: 'signalled', role, signal: 'SIGKILL', why: 'fault' });
      const delivery = await killIt();
      if (delivery === null) throw new Error(`the container of the ${role} had ended before it could be killed`);
      return { answer: 'killed', delivery };
    },
    lift: null,
  };
}
