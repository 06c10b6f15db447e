/**
 * A change of a cell's containers that the engine leaves half done, with the old ones running on: they are never taken for
 * the new ones.
 */
import { expect, onTestFinished, test, vi } from 'vitest';

import { ComposeProject } from './compose-project.ts';
import { openEngine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { startGuard } from './guard.ts';
import { Images, WIRE_IMAGE } from './images.ts';

/** Of an engine that makes nothing more, and takes nothing down either. */
const STUCK = { call: /^(?:POST \S*\/(?:containers\/create|stop|kill)|DELETE )/, message: 'no space left on device' };
const NOTHING = { call: /^$/, message: '' };

test.skipIf(skipWithoutEngine)(
  'a role whose new container could not be made has one before it is used again',
  async () => {
    await using between = await EngineInBetween.open();
    vi.stubEnv('DOCKER_HOST', between.host);
    onTestFinished(() => void vi.unstubAllEnvs());
    const engine = await openEngine();
    const images = new Images(engine);
    const [node, python, wire] = await Promise.all(
      ['halfopen/node-subject:dev', 'halfopen/python-subject:dev', WIRE_IMAGE].map((name) => images.get(name)),
    );
    if (node === undefined || python === undefined || wire === undefined) throw new Error('an image is missing');
    const run = `unfinished${process.pid}`;
    // Nobody else's sweep takes it away.
    await using _guard = await startGuard(engine, run, wire.id);
    await using project = await ComposeProject.up(engine, {
      name: `halfopen-${run}`,
      run,
      images: { server: node, client: node, wire: wire.id },
      isHere: true,
      signal: new AbortController().signal,
    });
    const server = async () => {
      const { Image, State } = await project.container('server').inspect();
      return { image: Image, isRunning: State.Running };
    };
    between.refuse(STUCK);
    await expect(project.use({ server: python })).rejects.toThrow('no space left on device');
    expect(await server()).toEqual({ image: node.id, isRunning: true });
    expect(project.isUnspoilt).toBe(false);
    between.refuse(NOTHING);
    await project.use({ server: python });
    expect(await server()).toEqual({ image: python.id, isRunning: true });
  },
  60_000,
);
