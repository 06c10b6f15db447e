/**
 * How a user names the image of a subject: one that the engine has, or one to be built first.
 *
 * Owns the keys, and the name under which a build is known.
 */
import { join } from 'node:path';

import * as v from 'valibot';

export const imageEntries = {
  /** An image that the engine has; its own command is the subject. */
  image: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** An image to be built from the folder of the configuration. */
  build: v.optional(v.strictObject({ context: v.string(), dockerfile: v.optional(v.string()) })),
};

interface NamedImage {
  readonly image?: string | undefined;
  readonly build?: { readonly context: string; readonly dockerfile?: string | undefined } | undefined;
}

/** An image as the harness asks for it; empty where the subject has none. */
export interface AskedImage {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

/** The image of the subject of that name. */
export function askedImage(name: string, { image, build }: NamedImage): AskedImage {
  if (build === undefined) return image === undefined ? {} : { image };
  const { context, dockerfile = join(context, 'Dockerfile') } = build;
  return { image: `halfopen/user-${name}:dev`, build: { context, dockerfile } };
}
