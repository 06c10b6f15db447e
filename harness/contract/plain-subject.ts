/**
 * Plain subjects: programs that keep no contract, as plain values.
 *
 * Owns what a user says of such a program and the placeholders in its words. A plain subject plays one role, and is judged
 * by what can be seen from outside.
 */
import * as v from 'valibot';

import { imageEntries } from './image.ts';
import { resourcesSchema } from './resources.ts';

const boundMs = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(600_000));
/** Above these a shell tells of a signal, and a crash is never a way to report something. */
const status = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(127));
const statuses = v.pipe(v.array(status), v.minLength(1), v.maxLength(128));

/** Program and arguments; `{host}` and `{port}` stand for where to connect to, or where to listen. */
const command = v.pipe(v.array(v.string()), v.minLength(1));
/** Variables beside the harness's own; `{host}` and `{port}` as in the command. */
const environment = v.optional(v.record(v.string(), v.string()), {});

/**
 * A program that is an image: it runs as the image says, in a container of its own in a Docker cell. An image that names
 * no user, or root, is run as nobody.
 */
const inImage = {
  ...imageEntries,
  /** Arguments in the place of the image's own, behind its entry point. */
  command: v.optional(command),
  environment,
  /** Whom it runs as, where not as the image's own user. */
  user: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** What it may use at most. */
  resources: v.optional(resourcesSchema),
  /** Folders that it may write to, in memory; nothing else of its container can be written. */
  writable: v.optional(v.array(v.pipe(v.string(), v.regex(/^\//, 'takes absolute paths'))), []),
};

const IMAGE_OR_BUILD = "takes image: 'name:tag' or build: { context: '.' }, and not both";

const clientRole = { plain: v.literal('client', `takes 'client' or 'server'`) };

const client = {
  /** It must have ended this long after its start, whatever the network does. */
  withinMs: v.optional(boundMs, 10_000),
  /** Exit statuses by which it says that all went well. */
  succeedsWith: v.optional(statuses, [0]),
  /** Exit statuses by which it may say that something went wrong; absent: any other. */
  failsWith: v.optional(statuses),
  /** Whether two successful runs print the same on standard output. */
  output: v.optional(v.picklist(['same', 'any']), 'same'),
  /** Whether it needs all that the server sends to say that all went well, or some of it. */
  answer: v.optional(v.picklist(['whole', 'part']), 'whole'),
};

export const plainClientSchema = v.strictObject({ ...clientRole, command, environment, ...client });
export const plainImageClientSchema = v.pipe(
  v.strictObject({ ...clientRole, ...inImage, ...client }),
  v.check(({ image, build }) => (image === undefined) !== (build === undefined), IMAGE_OR_BUILD),
);
export type PlainClient = v.InferOutput<typeof plainClientSchema> | v.InferOutput<typeof plainImageClientSchema>;

const serverRole = { plain: v.literal('server') };

const server = {
  /** It must be listening this long after its start. */
  startsWithinMs: v.optional(boundMs, 10_000),
  /** Once its clients are gone and the network is well again it must have let go of their connections this soon. */
  releasesWithinMs: v.optional(boundMs, 5_000),
};

export const plainServerSchema = v.strictObject({ ...serverRole, command, environment, ...server });
export const plainImageServerSchema = v.pipe(
  v.strictObject({
    ...serverRole,
    ...inImage,
    ...server,
    /** Where it listens in its container, where it is not told by `{port}`. */
    port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  }),
  v.check(({ image, build }) => (image === undefined) !== (build === undefined), IMAGE_OR_BUILD),
);

/** A server that somebody else runs: it is neither started, nor ended, nor looked into. */
export const plainAddressSchema = v.strictObject({
  plain: v.literal('server'),
  /** `host:port` on this machine's loopback. */
  address: v.pipe(
    v.string(),
    v.regex(/^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]):\d{1,5}$/, 'takes HOST:PORT on this machine'),
  ),
});
export type PlainServer =
  | v.InferOutput<typeof plainServerSchema>
  | v.InferOutput<typeof plainImageServerSchema>
  | v.InferOutput<typeof plainAddressSchema>;
export type PlainImage = Extract<PlainServer | PlainClient, { writable: unknown }>;

/** Whether the program is an image, and no command of this machine's. */
export function isImage(program: PlainServer | PlainClient): program is PlainImage {
  return 'writable' in program;
}

/** Puts an address into a text. */
export function placed(text: string, host: string, port: number): string {
  return text.replaceAll('{host}', host).replaceAll('{port}', String(port));
}

/** What may name a place: words and variables. */
interface Told {
  readonly command?: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Whether a program is told where to go at all. */
export function namesPort({ command: words = [], environment: variables }: Told): boolean {
  return [...words, ...Object.values(variables)].some((text) => text.includes('{port}'));
}
