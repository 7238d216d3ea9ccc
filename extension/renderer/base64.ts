/** Bytes of base64 text. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  // Ten times as fast where it is there (Chromium 140 and later); not yet in TypeScript's library.
  const native = (Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  if (native) return native(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Base64 of text as UTF-8. */
export function encodeBase64(text: string): string {
  return binaryToBase64(
    Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join(''),
  );
}

/** Base64 of text whose every unit is one byte. */
export function binaryToBase64(binary: string): string {
  return btoa(binary);
}
