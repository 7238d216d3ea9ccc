/**
 * Text of somebody else's for a row, a choice or a status bar, where VS Code makes an icon of `$(name)`: a character
 * that nobody sees stands between `$` and its bracket, so that a shell's `$(date)` is read as it is written.
 */
export function iconless(text: string): string {
  return text.replaceAll('$(', '$\u2060(');
}
