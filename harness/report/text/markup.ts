/**
 * HTML and SVG as values: a template that escapes whatever is put into it.
 *
 * Owns escaping; bounding a text and picturing its control characters is `visible-text.ts`.
 */

/** Markup that is safe to put into a document as it stands. */
export class Markup {
  readonly text: string;

  /** @param text markup, already escaped */
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: markup as it is, strings escaped, lists joined; `null` and `false` leave nothing. */
export type Content = Markup | string | number | null | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What a document would act on. Most texts have none of it. */
const MEANT = /[&<>"']/;

/** Text for an element or a quoted attribute, of HTML as of XML. */
export function escapeMarkup(text: string): string {
  if (!MEANT.test(text)) return text;
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Static parts of templates without the indentation they have in the source. */
const unindented = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Tag of HTML and SVG templates: indentation in the source is left out. Attribute values must stand in quotes. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  let parts = unindented.get(strings);
  if (parts === undefined) {
    parts = strings.map((part) => part.replace(/\n\s*/g, '\n'));
    unindented.set(strings, parts);
  }
  return filled(parts, values);
}

/** Tag of XML templates: every character of the source counts. */
export function xml(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return filled(strings, values);
}

function filled(parts: readonly string[], values: readonly Content[]): Markup {
  let text = parts[0] ?? '';
  for (let index = 0; index < values.length; index += 1)
    text += rendered(values[index] ?? null) + (parts[index + 1] ?? '');
  return new Markup(text);
}

/** Markup of a list, with nothing between. */
export function joined(parts: readonly Content[]): Markup {
  return new Markup(rendered(parts));
}

function rendered(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(rendered).join('');
  return escapeMarkup(String(content));
}
