/** A text as it stands in string literals: JSON as the common encoders write it, once and twice; Python, fish. */
export function escapedForms(text: string): Set<string> {
  const json = inJson(text);
  const forms = [
    json,
    inJson(json),
    json.replaceAll('/', '\\/'),
    unicode(json, /[\u007f-\uffff]/g),
    // Go's encoding/json: https://pkg.go.dev/encoding/json#HTMLEscape
    unicode(json, /[<>&\u2028\u2029]/g),
    ...["'", '"', ''].map(quote => literal(text, quote)),
  ];
  return new Set(forms);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicode(json: string, characters: RegExp): string {
  return json.replaceAll(characters, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Backslash before itself and the quote; line ends and tabs by their letters. */
function literal(text: string, quote: string): string {
  const letters: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return text.replaceAll(/[\\'"\n\r\t]/g, character => {
    const letter = letters[character];
    if (letter !== undefined) return letter;
    return character === '\\' || character === quote ? `\\${character}` : character;
  });
}
