/**
 * The log: one JSON object a line on standard output, with Toxiproxy's level names, chosen by `LOG_LEVEL`.
 */

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'panic', 'disabled'] as const;
export type Level = (typeof LEVELS)[number];

export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one line, or nothing when the level is below the chosen one. */
export type Log = (level: Level, message: string, facts?: Facts) => void;

const line = (level: Level, message: string, facts: Facts): string =>
  `${JSON.stringify({ level, time: new Date().toISOString(), ...facts, message })}\n`;

/** A log on standard output. An unknown or missing name means `info`, as in Toxiproxy. */
export const logAt = (name: string | undefined): Log => {
  const least = Math.max(
    LEVELS.findIndex((level) => level === name?.toLowerCase()),
    name === undefined || !LEVELS.some((level) => level === name.toLowerCase()) ? LEVELS.indexOf('info') : 0,
  );
  return (level, msg, facts = {}) => {
    if (LEVELS.indexOf(level) >= least) process.stdout.write(line(level, msg, facts));
  };
};

/** Tells where the API listens, in Toxiproxy's words and whatever the level: whoever started the process waits for it. */
export const announce = (address: string, facts: Facts): void => {
  process.stdout.write(line('info', 'Starting Toxiproxy HTTP server', { address, ...facts }));
};
