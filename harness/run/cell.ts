/**
 * A cell: one place to run one scenario at a time. A proxy, a place for a server and a place for a client.
 *
 * Owns the interface that local and Docker cells share, so that an attempt does not know which one it is in.
 */
import type { Readable } from 'node:stream';

import type { Resources } from '../contract/resources.ts';
import type { Role } from '../contract/words.ts';
import type { CellKind, ProxyKind } from '../evidence/plan.ts';
import type { Receipt } from '../evidence/receipt.ts';
import type { ContainerState } from '../evidence/record.ts';
import type { PacketFault } from '../scenario/fault.ts';
import type { Kernel, ScenarioResources } from '../scenario/scenario.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import type { ProxyControl } from './proxy-control.ts';

/** A program under test. */
export interface Subject {
  readonly name: string;
  /** Program and arguments for a local cell. */
  readonly command: readonly string[];
  /** Image for a Docker cell; its own command is the subject. */
  readonly image?: string;
  /** How that image is built first, from the folder that the harness was started in; absent: it is there already. */
  readonly build?: { readonly context: string; readonly dockerfile: string };
  /** Of a plain subject's image, which waits for no work: it runs in a container of its own, in the role's place. */
  readonly box?: Box;
}

/** What a plain subject's container is given beside its image. */
export interface Box {
  /** Whom it runs as; absent: the image's own user. */
  readonly user?: string;
  /** Folders that can be written to. */
  readonly writable: readonly string[];
  /** What it may use at most; absent: what every subject may. */
  readonly resources?: Resources;
}

/** The programs of an attempt. */
export type Cast = Readonly<Record<Role, Subject>>;

export interface Exit {
  readonly status: number | null;
  readonly signal: string | null;
  /** Descendants that outlived it and held its output open, and were ended for that; absent where nobody can tell. */
  readonly leftBehind?: readonly number[];
  /** The kernel killed it for want of memory, by the engine's word. */
  readonly outOfMemory?: boolean;
}

/** A fault on a process, as it was delivered: instants on CLOCK_MONOTONIC in milliseconds. */
export interface Delivery {
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly grade: NonNullable<Receipt['delivered']>['grade'];
  readonly proof: string;
  /** Effects counted; absent: the one. */
  readonly count?: number;
}

/** Told of a state of a role's container once the engine has confirmed it. */
export type OnContainer = (role: Role, state: ContainerState) => void;

/** A fault of the network that is in force. */
export interface NetworkFaultInForce {
  readonly answer: string;
  /** What proves it, where that is known at once. */
  readonly delivery: Delivery | null;
  /** Takes it back; the delivery where only its end proves it. `null`: nothing stays that could be taken back. */
  readonly lift: (() => Promise<Delivery | null>) | null;
}

/** The networks of a cell's subjects. */
export interface NetworkControl {
  /** Makes ready what the fault needs, so that nothing is left to be started when its moment comes. */
  prepare(fault: PacketFault): Promise<void>;
  /** @throws {Error} where it could not be put into effect, with the reason */
  install(fault: PacketFault, onContainer?: OnContainer): Promise<NetworkFaultInForce>;
}

/** One subject at work in one role. */
export interface SubjectProcess {
  readonly role: Role;
  /** As the harness's machine numbers it, where it can be known. */
  readonly pid: number | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
  /** How long it has waited for a core while it was ready to run, since its start; `null` where that can't be known. Never throws. */
  waitedMs(): number | null;
  /** Ends its standard input: the contract's word to wind down. */
  endInput(): void;
  /** Stops it from running without ending it, and confirms that. */
  freeze(): Promise<Delivery>;
  /** Undoes `freeze`, and confirms that. */
  thaw(): Promise<void>;
  /** Ends it at once, as a crash would, and confirms that; `null` where it had ended by itself before. */
  kill(): Promise<Delivery | null>;
  /** Ends what it started and what is still there once it has exited, and returns which. Absent where that goes with its place. */
  readonly endLeftBehind?: () => Promise<readonly number[]>;
  /** Kills the container it runs in with all that is in it; `null` where that did not run any more. Absent where there is none. */
  readonly killContainer?: () => Promise<Delivery | null>;
}

/** What an attempt asks of a fault proxy. */
export type FaultControl = Pick<
  ProxyControl,
  'createProxy' | 'updateProxy' | 'removeProxy' | 'addToxic' | 'removeToxic'
>;

/** What the places of a cell's subjects are like. */
export interface Terrain {
  /** The clocks of the kernel under them. */
  readonly kernel: Kernel;
  /** What each may use at most. */
  readonly resources: ScenarioResources;
}

/** A clock read against the harness's: by how much it is ahead, give or take the error. */
export interface ClockReading {
  readonly aheadMicros: number;
  readonly errorMs: number;
}

export interface Cell extends AsyncDisposable {
  readonly kind: CellKind;
  /**
   * Reads the clock of the machine that the subjects run on, by which the proxy's events are told from then on. It drifts:
   * each attempt reads it anew. `null`: it is this machine's own.
   */
  readClock(): Promise<ClockReading | null>;
  readonly proxy: ProxyKind;
  readonly control: FaultControl;
  /** Who says that a toxic took effect: the injecting proxy itself, or one that records beside it. */
  readonly effectGrade: 'self' | 'recorder';
  /** `null` where the subjects have no network of their own. */
  readonly network: NetworkControl | null;
  /** The same cell with that proxy between client and server. */
  facing(proxy: ProxyKind): Cell;
  /** `HALFOPEN_HOST` of a server. */
  readonly serverHost: string;
  /** Where the proxy is told to listen. */
  readonly proxyListen: string;
  /** `HALFOPEN_HOST` of a client: the proxy, as the client reaches it. */
  readonly proxyHost: string;
  /** How the proxy reaches a server that listens on `port`. */
  upstream(port: number): string;
  /** A port in the server's place that nobody listens on. */
  freePort(): Promise<number>;
  /** Whether somebody listens on that port in the server's place: looked up, never tried, for a try is a connection. */
  listens(port: number): Promise<boolean>;
  /**
   * Gives the subjects' places this kernel and these limits, and makes them ones of these subjects: what is started later
   * finds its place as it is, with the faults that are in force there.
   */
  makeRoom(terrain: Terrain, cast: Cast): Promise<void>;
  /**
   * Starts a subject with these variables beside the contract's.
   *
   * @throws {SubjectUnstartable}
   */
  start(
    role: Role,
    subject: Subject,
    environment: Readonly<Record<string, string>>,
    onContainer?: OnContainer,
  ): Promise<SubjectProcess>;
  /** Shows the events of one proxy until the returned function is called; `null` where the proxy tells nothing. */
  watch(proxyName: string, onEvent: (event: WireEvent) => void, originMicros: number): Watch | null;
  /** Proof from the kernel or engine that nothing accepts connections on the proxy's port; `null` where it can't be had. */
  proveRefused(port: number): Promise<Delivery | null>;
  /** How long the proxy has waited for a core, as `SubjectProcess.waitedMs`. */
  proxyWaitedMs(): number | null;
  /** How a person gets at what runs here, a line each. */
  waysIn(): string[];
  /** Whether the cell can be used again after an attempt in which a fault may have destroyed something. */
  isSound(): Promise<boolean>;
}

export interface Watch {
  /** Resolves once the proxy's last event has arrived, or at the signal. */
  ended(signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** The subject's command could not be started at all. */
export class SubjectUnstartable extends Error {
  override readonly name = 'SubjectUnstartable';
  readonly code = 'subject-unstartable';
}
