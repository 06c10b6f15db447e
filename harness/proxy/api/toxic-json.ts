/**
 * Toxics as JSON: read from requests, checked whole, and written to answers.
 */
import { type Fields, readAttributes, real } from '../toxics/attributes.ts';
import { kindNamed } from '../toxics/catalog.ts';
import type { Toxic, ToxicKind } from '../toxics/kind.ts';
import { connections } from '../toxics/selector.ts';
import { DIRECTIONS, type Direction } from '../stream/item.ts';
import { Body, refusing } from './body.ts';
import { refusals } from './reply.ts';

const toxicity = real(0, 1, 1);

/** Attributes as they are answered: `connections` only when it was given, as are other optional ones. */
export const toxicJson = ({ attributes, name, kind, stream, toxicity: share }: Toxic): object => ({
  attributes,
  name,
  type: kind.type,
  stream,
  toxicity: share,
});

const readToxicity = (body: Body, before: number): number =>
  refusing(() => toxicity.read(body.get('toxicity', 'number') ?? before, 'Toxic.toxicity'));

const readAll = (
  kind: ToxicKind,
  given: unknown,
  before: Readonly<Record<string, unknown>> | undefined,
): Toxic['attributes'] =>
  refusing(() => {
    const fields: Fields & { readonly connections: typeof connections } = { ...kind.fields, connections };
    const attributes = readAttributes(fields, given, { struct: kind.struct, before });
    const problem = kind.check(attributes);
    if (problem !== undefined) throw refusals.badBody(problem);
    return attributes;
  });

/**
 * A new toxic and its direction.
 *
 * @throws Refusal
 */
export const readToxic = (value: unknown): { readonly toxic: Toxic; readonly direction: Direction } => {
  const body = new Body(value, 'toxics.ToxicWrapper');
  const stream = body.get('stream', 'string') ?? 'downstream';
  const direction = DIRECTIONS.find((one) => one === stream.toLowerCase());
  if (direction === undefined) throw refusals.badStream();
  const type = body.get('type', 'string') ?? '';
  const kind = kindNamed(type);
  if (kind === undefined) throw refusals.badToxicType();
  const name = body.get('name', 'string') || `${type}_${stream}`;
  const share = readToxicity(body, toxicity.missing);
  return {
    direction,
    toxic: { name, kind, stream, toxicity: share, attributes: readAll(kind, body.raw('attributes'), undefined) },
  };
};

/**
 * The new attributes and toxicity of a toxic; nothing else can change.
 *
 * @throws Refusal; then nothing has changed
 */
export const readToxicUpdate = (value: unknown, toxic: Toxic): Pick<Toxic, 'attributes' | 'toxicity'> => {
  const body = new Body(value, 'toxics.ToxicWrapper');
  return {
    toxicity: readToxicity(body, toxic.toxicity),
    attributes: readAll(toxic.kind, body.raw('attributes'), toxic.attributes),
  };
};
