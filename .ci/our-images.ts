/** Our own images. The engine is always asked: its cache knows better than we do whether a source has changed. */
import { buildImage, OUR_IMAGES } from '../harness/run/docker/images.ts';
import type { Step } from './step.ts';

function built(name: string): Step {
  let done = false;
  return {
    name: `image ${name}`,
    present: async () => done,
    make: async () => {
      await buildImage(name);
      done = true;
    },
    remedy: 'read the end of the build above; the base images must be there',
  };
}

export const ourImages: readonly Step[] = OUR_IMAGES.map(built);
