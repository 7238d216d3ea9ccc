/** A text percent-encoded as the encoders in use do it: they differ in what they leave, in `+` and in case. */
export function urlForms(text: string): Set<string> {
  const component = encodeURIComponent(text);
  const strict = component.replaceAll(/[!'()*]/g, hex);
  const forms = [
    component,
    strict,
    encodeURI(text),
    // Python's urllib.parse.quote and quote_plus.
    strict.replaceAll('%2F', '/'),
    strict.replaceAll('%20', '+'),
    // https://url.spec.whatwg.org/#application/x-www-form-urlencoded
    new URLSearchParams([['', text]]).toString().slice(1),
  ];
  return new Set([...forms, ...forms.map(lowerCase)]);
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function lowerCase(form: string): string {
  return form.replaceAll(/%[0-9A-F]{2}/g, code => code.toLowerCase());
}
