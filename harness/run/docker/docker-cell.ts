/**
 * The Docker cell: server, client and proxies in containers whose networks meet only in the proxies.
 *
 * Owns what an attempt needs of it. The wire proxy injects faults itself; real Toxiproxy stands between two passes
 * through the wire proxy, which then only records (`recorded-toxiproxy.ts`).
 */
import { isDeepStrictEqual } from 'node:util';

import type { Cell, Delivery, OnContainer, Subject, Terrain } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { allAnswer, ProxyControl } from '../proxy-control.ts';
import { WireFeed } from '../wire-feed.ts';
import { ComposeProject } from './compose-project.ts';
import type { ProjectImages, Service } from './compose-project.ts';
import { startInContainer } from './container-process.ts';
import type { Container, Engine } from './engine.ts';
import { demandLimits } from './held-limits.ts';
import { NETWORK_HELPER_IMAGE } from './images.ts';
import type { Image, Images } from './images.ts';
import { demandInternalNetworks } from './internal-networks.ts';
import { killMarked } from './kill-helper.ts';
import { listensIn } from './listening.ts';
import { NetworkFaults } from './network/network-faults.ts';
import { startBoxed } from './plain-container.ts';
import { ProxyWait } from './proxy-wait.ts';
import { RecordedToxiproxy } from './recorded-toxiproxy.ts';
import { wayInto } from './way-in.ts';

/** What all cells of a run share. */
export interface CellSetting {
  readonly engine: Engine;
  /** Whether it runs on this machine: only then are its published ports and its clock ours. */
  readonly isHere: boolean;
  readonly images: Images;
  /** The run's name. */
  readonly run: string;
  /** What the cells begin with. */
  readonly first: ProjectImages;
}

/** Opens a cell in a compose project of its own. */
export async function openDockerCell(setting: CellSetting, name: string, signal: AbortSignal): Promise<Cell> {
  const { engine, isHere, images, run, first } = setting;
  const project = await ComposeProject.up(engine, { name, run, images: first, isHere, signal });
  await demandInternalNetworks(engine, name);
  // Where a later step fails, nothing of these stays open; the containers go with the run.
  await using opened = new AsyncDisposableStack();
  const wayIn = opened.use(await wayInto(project, isHere));
  const control = new ProxyControl(wayIn.urls.wire);
  const feed = opened.use(new WireFeed(control));
  const silent = new ProxyControl(wayIn.urls.proxy);
  const toxiproxy = new RecordedToxiproxy(silent, control, feed);
  const wait = opened.use(await ProxyWait.of([project.container('proxy'), project.container('wire')]));
  const made = await inspected(project);
  images.note(made.proxy.Config.Image, made.proxy.Image);
  const network = new NetworkFaults({
    engine,
    run,
    helperImage: async () => (await images.get(NETWORK_HELPER_IMAGE)).id,
    container: (role) => project.container(role),
    onSpoilt: (role) => project.noteSpoilt(role),
  });
  const imageOf = ({ name: subject, image = referenceImage(subject), build }: Subject): Promise<Image> =>
    images.get(image, build);
  /** What the places' subjects may use at most, for the attempt that is on. */
  let stated: Terrain['resources'] = {};
  const kept = opened.move();
  const facingWire: Cell = {
    kind: 'docker',
    proxy: 'wire',
    control,
    effectGrade: 'self',
    network,
    readClock: async () => {
      const clock = await wayIn.readClock();
      if (clock !== null) feed.useClock(clock);
      return clock;
    },
    facing: (proxy) => (proxy === 'wire' ? facingWire : facingToxiproxy),
    serverHost: '0.0.0.0',
    proxyListen: '0.0.0.0:0',
    proxyHost: 'wire',
    upstream: (port) => `server:${port}`,
    freePort: () => Promise.resolve(PLAIN_PORT),
    listens: async (port) => (await listensIn(project.container('server'), port)) === true,
    makeRoom: async (terrain, cast) => {
      const [server, client] = await Promise.all([imageOf(cast.server), imageOf(cast.client)]);
      await project.use({ server, client }, terrain);
      stated = terrain.resources;
    },
    start: async (role, subject, environment, onContainer = NOBODY_TOLD) => {
      const image = await imageOf(subject);
      const { command, box } = subject;
      if (box !== undefined) {
        await project.use({ [role]: first[role] });
        const place = project.container(role);
        return startBoxed({ engine, run, role, place, image, command, environment, box, onContainer });
      }
      await project.use({ [role]: image });
      const container = project.container(role);
      await demandLimits(container, role, stated[role]);
      const place = {
        container,
        role,
        onKill: () => project.noteKilled(role),
        onContainer,
        killMarked: (mark: string) => killMarked({ engine, run, image: first.wire }, container, mark),
      };
      return startInContainer(place, image.command, environment);
    },
    watch: (proxyName, onEvent, originMicros) => feed.watch(proxyName, onEvent, originMicros),
    proveRefused: (port) => proveRefused(project.container('wire'), port),
    proxyWaitedMs: () => wait.waitedMs(),
    waysIn: () => waysIn(project, wayIn.urls.wire),
    isSound: async () => feed.isSound && (await isSound(project, made)) && (await allAnswer([control, silent])),
    [Symbol.asyncDispose]: async () => {
      await kept.disposeAsync();
      await network[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
  const facingToxiproxy: Cell = {
    ...facingWire,
    proxy: 'toxiproxy',
    control: toxiproxy,
    effectGrade: 'recorder',
    waysIn: () => waysIn(project, wayIn.urls.proxy),
    watch: (proxyName, onEvent, originMicros) => toxiproxy.watch(proxyName, onEvent, originMicros),
  };
  return facingWire;
}

/** The reference subjects' images are named after them. */
function referenceImage(subject: string): string {
  return `halfopen/${subject}-subject:dev`;
}

/** A server's place has a network of its own, on which nothing else listens. */
const PLAIN_PORT = 8080;

const NOBODY_TOLD: OnContainer = () => undefined;

/** As the engine's own command shows them. */
const ID_CHARACTERS = 12;

const SERVICES = ['server', 'client', 'proxy', 'wire'] as const satisfies readonly Service[];

/** Real Toxiproxy's image holds nothing but the program: there is no shell to get into. */
const WITH_SHELL = ['server', 'client', 'wire'] as const;

/** @param apiUrl of the proxy whose faults are in force */
function waysIn(project: ComposeProject, apiUrl: string): string[] {
  const lines = WITH_SHELL.map(
    (service) => `${service}: docker exec -it ${project.container(service).id.slice(0, ID_CHARACTERS)} sh`,
  );
  return [...lines, `proxy: its API is at ${apiUrl}/proxies`];
}

/** By service its container, by the engine's word. */
type Containers = Readonly<Record<Service, Inspected>>;
type Inspected = Awaited<ReturnType<Container['inspect']>>;

async function inspected(project: ComposeProject): Promise<Containers> {
  const found = SERVICES.map(async (service) => [service, await project.container(service).inspect()] as const);
  return Object.fromEntries(await Promise.all(found)) as Record<Service, Inspected>;
}

function networksOf({ NetworkSettings }: Inspected): string[] {
  return Object.keys(NetworkSettings.Networks).toSorted();
}

/**
 * Whether every container runs where it did when the cell was opened, in the subjects' places nothing is left of an
 * attempt, and no fault stayed. One that was killed is not asked for: all that was in it is gone, and who needs its place has
 * another.
 */
async function isSound(project: ComposeProject, made: Containers): Promise<boolean> {
  if (!project.isUnspoilt) return false;
  const living = SERVICES.filter((service) => !project.isKilled(service));
  const states = await Promise.all(living.map((service) => isIdle(project, service, made[service])));
  return states.every(Boolean);
}

async function isIdle(project: ComposeProject, service: Service, made: Inspected): Promise<boolean> {
  try {
    const now = await project.container(service).inspect();
    const { State, ExecIDs } = now;
    if (!State.Running || State.Paused || !isDeepStrictEqual(networksOf(now), networksOf(made))) return false;
    return service === 'proxy' || service === 'wire' || (ExecIDs ?? []).length === 0;
  } catch {
    return false;
  }
}

/** Read in the proxy's own network namespace. */
async function proveRefused(proxy: Container, port: number): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  if ((await listensIn(proxy, port)) !== false) return null;
  const proof = `no socket listens on port ${port} in the proxy's container`;
  return { earliestMs, latestMs: monotonicMs(), grade: 'kernel', proof };
}
