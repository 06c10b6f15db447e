/**
 * The twelve classes of bugs that real socket programs have had, and where the catalogue looks for each.
 *
 * Owns which scenarios are of a class: by their behaviour, the folder they stand in, never by what they happen to catch.
 */

export interface BugClass {
  readonly id: string;
  /** What such a program does. */
  readonly title: string;
  /** Folders of the catalogue whose claims are about it. */
  readonly behaviours: readonly string[];
}

export const BUG_CLASSES: readonly BugClass[] = [
  of('B01', 'waits for ever on a silent peer', 'timeout', 'dead-peer', 'backpressure', 'select', 'connect'),
  of('B02', 'probes for life in a way that cannot work', 'dead-peer'),
  of('B03', 'leaves a phase out of its timeouts, or keeps another time', 'timeout', 'connect', 'partial-recv'),
  of('B04', 'goes on with a connection in an unknown state', 'reconnect', 'framing', 'half-close'),
  of('B05', 'takes the pieces in which bytes come for messages', 'framing', 'partial-recv'),
  of('B06', 'accepts a message that was cut short', 'disconnect'),
  of('B07', 'confuses ends, resets and closes', 'disconnect', 'half-close', 'connect', 'backpressure'),
  of('B08', 'loses or doubles what was under way', 'reconnect', 'connect'),
  of('B09', 'reconnects too often, or no more', 'reconnect'),
  of('B10', 'believes what a header announces, or buffers without bound', 'framing', 'backpressure'),
  of('B11', 'leaks, spins, or dies of one connection', 'disconnect', 'reconnect', 'connect'),
  of('B12', 'takes a short write for a whole one', 'backpressure'),
];

export const BUG_CLASS_IDS: readonly string[] = BUG_CLASSES.map(({ id }) => id);

function of(id: string, title: string, ...behaviours: readonly string[]): BugClass {
  return { id, title, behaviours };
}

/**
 * Whether a scenario is of a class.
 *
 * @param scenario its id, `<behaviour>/<claim>`
 * @param bugClass the class's id
 */
export function isOfClass(scenario: string, bugClass: string): boolean {
  const behaviour = scenario.slice(0, scenario.indexOf('/'));
  return BUG_CLASSES.find(({ id }) => id === bugClass)?.behaviours.includes(behaviour) ?? false;
}
