/**
 * What the harness and a place's agent say to each other: one JSON object a line, one connection for each process.
 *
 * Owns the words. Imports nothing: the agent takes little more than this folder into its image.
 */

/** Where an agent listens, on the network that it shares with the harness. */
export const AGENT_PORT = 7077;

export type AgentRequest =
  /** Starts the image's own subject with these variables; said first, and once. */
  | { readonly do: 'start'; readonly environment: Readonly<Record<string, string>> }
  | { readonly do: 'end-input' }
  /** Answered once the kernel says that it is so. */
  | { readonly do: 'freeze' }
  | { readonly do: 'thaw' }
  | { readonly do: 'kill' };

export type AgentAnswer =
  | { readonly told: 'started'; readonly pid: number }
  /** `bytes` is base64. */
  | { readonly told: 'stdout' | 'stderr'; readonly bytes: string }
  | { readonly told: 'done'; readonly what: 'freeze' | 'thaw'; readonly problem: string | null }
  /** How long it has waited for a core in all, since its start: told as it goes on. */
  | { readonly told: 'waited'; readonly ms: number }
  /** The last: all that it printed has been told. */
  | { readonly told: 'exited'; readonly status: number | null; readonly signal: string | null };
