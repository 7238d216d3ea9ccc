import assert from 'node:assert/strict';
import { PAGE_MIME } from '../../../../extension/renderer/messages';
import { mostRichBytes, richItems, sniffedItems } from '../../../../extension/notebook/rich/richItems';

function shown(mime: string, text: string): string {
  const [item] = richItems(mime, new TextEncoder().encode(text));
  return typeof item?.data === 'string' ? item.data : '';
}

describe('an output as more than text', () => {
  const hostile = '<script>go()</script><img src=x onerror="go()">';

  it('never holds markup of the program’s in the page', () => {
    const texts: Record<string, string> = {
      'application/json': JSON.stringify({ [hostile]: [hostile] }),
      'text/csv': `name\n"${hostile.replaceAll('"', '""')}"\n`,
      'text/markdown': `# Title\n\n${hostile}\n\n![x](https://example.com/x.png)\n`,
    };
    for (const [mime, text] of Object.entries(texts)) {
      const html = shown(mime, text);
      assert.notEqual(html, '', mime);
      assert.doesNotMatch(html, /<script|<img|onerror="/, mime);
    }
  });

  it('leaves HTML to a frame in which nothing is loaded, and to no page that would run its scripts', () => {
    const [item, ...others] = richItems('text/html', Buffer.from('<b>bold</b>'));
    assert.deepEqual(others, []);
    assert.equal(item?.mime, PAGE_MIME);
    assert.match(
      String(item?.data),
      /^<meta http-equiv="Content-Security-Policy" content="default-src 'none'/,
    );
  });

  it('has no links that do something in VS Code', () => {
    const html = shown('text/markdown', '[a](command:x) [b](file:///etc) [c](https://example.com)');
    assert.deepEqual(html.match(/href="[^"]*"/g), ['href="https://example.com"']);
  });

  it('takes a picture as bytes and in base64', () => {
    const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff);
    const [raw] = richItems('image/png', bytes);
    const [decoded] = richItems('image/png', Buffer.from(`${Buffer.from(bytes).toString('base64')}\n`));
    assert.deepEqual(Buffer.from(raw?.data as Uint8Array), Buffer.from(bytes));
    assert.deepEqual(Buffer.from(decoded?.data as Uint8Array), Buffer.from(bytes));
    assert.match(
      shown('image/svg+xml', '<svg onload="go()"/>'),
      /^<img [^<]*src="data:image\/svg\+xml;base64,/,
    );
  });

  it('is left to the text where it is too long, of another kind, or not what was said', () => {
    assert.deepEqual(richItems('application/json', new Uint8Array(mostRichBytes + 1)), []);
    assert.deepEqual(richItems('application/x-tar', Uint8Array.of(1)), []);
    assert.equal(shown('application/json', 'not json'), '');
  });

  it('knows JSON that nobody announced, and nothing else', () => {
    assert.equal(sniffedItems('{"a": 1}\n').length, 1);
    for (const text of ['', 'true', '{}', '[]', '{not json', 'name,age\n1,2\n'])
      assert.deepEqual(sniffedItems(text), [], text);
  });
});

describe('comma-separated values', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a,b\n1,2\n', 'a|b/1|2'],
    ['a,b\r\n"1,5","say ""hi"""', 'a|b/1,5|say &#34;hi&#34;'],
    ['a,b\n"two\nlines",2\n', 'a|b/two\nlines|2'],
    ['a,\n,b\n', 'a|/|b'],
    ['a,b\r1,2\r', 'a|b/1|2'],
    ['a;b\n1,5;2\n', 'a|b/1,5|2'],
    ['a,b\n1\n', 'a|b/1|'],
    ['\ufeffa,b\n\n1,2', 'a|b/1|2'],
    ['a,b\n"never ended,2\n', 'a|b/never ended,2\n|'],
    ['', ''],
  ];
  for (const [text, rows] of cases) it(JSON.stringify(text), () => assert.equal(table(text), rows));

  it('shows what is good to look at and counts the rest', () => {
    const row = (of: string) => Array.from({ length: 60 }, (_, i) => `${of}${String(i)}`).join(',');
    const html = shown('text/csv', [row('h'), ...Array.from({ length: 1700 }, () => row('v'))].join('\n'));
    assert.equal(html.match(/<tr>/g)?.length, 501);
    assert.equal(html.match(/<th /g)?.length, 50);
    assert.ok(html.endsWith('<p>1,200 rows and 10 columns more in the output.</p>'));
  });

  it('aligns columns of numbers to the right, and all else to the left', () => {
    const text = 'name,count,change,ratio,mixed,none\npear,1200,-3.5,12 %,7,\nfig,"1,200",+4e-2,,x,\n';
    const [head] = /<thead>.*<\/thead>/.exec(shown('text/csv', text)) ?? [];
    assert.deepEqual(
      [...head!.matchAll(/text-align: (\w+)/g)].map(([, side]) => side),
      ['left', 'right', 'right', 'right', 'left', 'left'],
    );
  });

  it('takes hostile texts in linear time', () => {
    for (const text of ['\r', '",', '"\r', 'a"b,', '1 ', '1_,'])
      shown('text/csv', text.repeat(mostRichBytes / text.length));
  });
});

/** Rows of the table that is shown: `a|b/1|2`. */
function table(text: string): string {
  const rows = [...shown('text/csv', text).matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[hd] [^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell).join('|'),
  );
  return rows.join('/');
}
