import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { html, xml } from './markup.ts';

describe('a template', () => {
  test('escapes whatever is put into it, in elements as in attributes', () => {
    const text = `<script>alert("x")</script>'&`;
    expect(html`<p title="${text}">${text}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;</p>',
    );
  });

  test('takes markup as it is, joins lists, and leaves nothing for null and false', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${null}${false}${0}`.text).toBe('<li>a</li><li>b</li>0');
  });

  test('never lets a text end an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });

  test('leaves out the indentation of the source, but not of what is put in', () => {
    const text = html`<div>
      <p>${'a\n  b'}</p>
    </div>`.text;
    expect(text).toBe('<div>\n<p>a\n  b</p>\n</div>');
  });

  test('keeps every character in XML', () => {
    expect(xml`a\n  b`.text).toBe('a\n  b');
  });
});
