/**
 * How much of its machine a subject may use, as a scenario or a configuration says it. Enforced where subjects are in
 * containers.
 */
import * as v from 'valibot';

const MIB = 1024 * 1024;

export const resourcesSchema = v.strictObject({
  /** Memory and swap together; who wants more is killed by the kernel. The engine's own least is 6 MiB. */
  memoryBytes: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(6 * MIB))),
  /** Time on a core, in cores: 0.5 is half of one. */
  cpus: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(1024))),
  /** Open descriptors of a process. */
  fds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(1_048_576))),
});
export type Resources = v.InferOutput<typeof resourcesSchema>;
