/**
 * How the shapes of a picture are painted where no style sheet is: in the colour of the text, and what has an area only faintly.
 *
 * Attributes, over which every rule of the page's style has the last word.
 */
import { Markup } from './markup.ts';

/** Of a line, and of a shape that is its outline. */
export const LINE = new Markup('fill="none" stroke="currentColor"');

/** Of an area that others lie on. */
export const SHADE = new Markup('fill="#8884"');
