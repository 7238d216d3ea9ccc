/**
 * Text of somebody else's for a notification, where VS Code makes a link of `[words](command:id)` that runs a command
 * with one click: no words and bracket stand together any more.
 */
export function unlinked(text: string): string {
  return text.replaceAll('](', '] (');
}
