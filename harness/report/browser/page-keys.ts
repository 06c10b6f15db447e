/**
 * The keys of the whole page, wherever the reader is. Those of a time line are its own, in `timeline-gestures.ts`.
 */

export const PAGE_KEYS = { find: '/', nextUrgent: 'n', previousUrgent: 'p', overview: 'Escape' } as const;
