/**
 * The images of a cell, each known by its id, so that an old build under the same name is never tested.
 *
 * Owns which come with the product and are built here: always asked of the engine, whose own cache makes it a matter of
 * a fifth of a second when no source has changed. Others must be there already.
 */
import { fileURLToPath } from 'node:url';

import { buildAt } from './build.ts';
import type { Build } from './build.ts';
import { engineError, statusOf } from './engine.ts';
import type { Engine } from './engine.ts';
import { userIn } from './image-user.ts';
import { demandPlatform } from './platform.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** By image name: the build's context and Dockerfile, from the root of the checkout. */
const OURS: Readonly<Record<string, readonly [context: string, dockerfile: string]>> = {
  'halfopen/node-subject:dev': ['services', 'services/node/Dockerfile'],
  'halfopen/python-subject:dev': ['services', 'services/python/Dockerfile'],
  'halfopen/go-subject:dev': ['services', 'services/go/Dockerfile'],
  'halfopen/wire-proxy:dev': ['harness/proxy', 'harness/proxy/Dockerfile'],
  'halfopen/network-helper:dev': ['harness/run/docker/network/helper', 'harness/run/docker/network/helper/Dockerfile'],
};

export const OUR_IMAGES: readonly string[] = Object.keys(OURS);
export const WIRE_IMAGE = 'halfopen/wire-proxy:dev';
export const NETWORK_HELPER_IMAGE = 'halfopen/network-helper:dev';

export interface Image {
  readonly id: string;
  /** Entry point and arguments: the program that the image is. */
  readonly command: readonly string[];
  /** Whom it runs as by its own word; empty: root, and so is `0`, whatever name it gives to that. */
  readonly user: string;
  /** Folders that it declares as volumes. */
  readonly volumes: readonly string[];
}

export class Images {
  readonly #engine: Engine;
  readonly #signal: AbortSignal | undefined;
  readonly #known = new Map<string, Promise<Image>>();
  readonly #noted = new Map<string, string>();

  /** @param signal aborting it ends a build that is under way */
  constructor(engine: Engine, signal?: AbortSignal) {
    this.#engine = engine;
    this.#signal = signal;
  }

  /**
   * The image of that name, built first if it is one of ours or has a build of its own; once per run.
   *
   * @throws {RunError} `cell-not-started` when it cannot be built, or is not there
   */
  get(name: string, build?: Build): Promise<Image> {
    let image = this.#known.get(name);
    if (image === undefined) {
      image = this.#prepare(name, build);
      this.#known.set(name, image);
    }
    return image;
  }

  /** Remembers an image that was used without having been asked for here. */
  note(name: string, id: string): void {
    this.#noted.set(name, id);
  }

  /** The id of every image that was used, by name: what it was is not told by a name that moves on. */
  async digests(): Promise<Record<string, string>> {
    const used = await Promise.allSettled(
      [...this.#known].map(async ([name, image]) => [name, (await image).id] as const),
    );
    return Object.fromEntries([
      ...this.#noted,
      ...used.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    ]);
  }

  /** The id of what was built; `null` where there is nothing to build. */
  async #build(name: string, build: Build | undefined): Promise<string | null> {
    if (build !== undefined) return buildAt(process.cwd(), name, build, this.#signal);
    return OURS[name] === undefined ? null : buildImage(name, this.#signal);
  }

  async #prepare(name: string, build: Build | undefined): Promise<Image> {
    const built = await this.#build(name, build);
    try {
      const { Id, Config, Os, Architecture } = await this.#engine.getImage(built ?? name).inspect();
      const engine = await this.#engine.version();
      demandPlatform(name, `${Os}/${Architecture}`, `${engine.Os}/${engine.Arch}`);
      const entrypoint = [Config.Entrypoint ?? []].flat();
      const volumes = Object.keys(Config.Volumes ?? {});
      const user = OURS[name] === undefined ? await userIn(Id, Config.User) : Config.User;
      return { id: Id, command: [...entrypoint, ...(Config.Cmd ?? [])], user, volumes };
    } catch (error) {
      if (statusOf(error) !== 404) throw engineError(`the image ${name} could not be inspected`, error);
      throw engineError(`there is no image ${name}`, new Error(`no such image: ${name}`));
    }
  }
}

/**
 * Builds one of our images.
 *
 * @returns its id
 * @throws {RunError} `cell-not-started`, with the end of the build's log
 */
export async function buildImage(name: string, signal?: AbortSignal): Promise<string> {
  const [context, dockerfile] = OURS[name] ?? [];
  if (context === undefined || dockerfile === undefined) throw new Error(`${name} is not built here`);
  return buildAt(ROOT, name, { context, dockerfile }, signal);
}
