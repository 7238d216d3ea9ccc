import type { Terminal } from '@xterm/xterm';

/** Sets colours or asks for them: OSC 4, 10 to 12, and their resets (https://invisible-island.net/xterm/ctlseqs). */
const colourCommands = [4, 10, 11, 12, 104, 110, 111, 112];
/** Window titles, folder, notifications, clipboard, and what shells and other terminals have added. */
const inertCommands = [0, 1, 2, 7, 9, 52, 99, 133, 633, 777, 1337];

/**
 * Takes the effect from escape sequences that reach beyond the text: titles, clipboard, colours of the theme. Those
 * that make a terminal answer are answered only while `live()`: in a replay the answer would be typed into whatever
 * reads there now.
 */
export function tameEscapes(terminal: Terminal, live: () => boolean): void {
  const { parser } = terminal;
  for (const command of inertCommands) parser.registerOscHandler(command, () => true);
  for (const command of colourCommands) {
    parser.registerOscHandler(command, data => !(live() && /^(?:\d+;)?\?$/.test(data)));
  }
  const unlessLive = (): boolean => !live();
  parser.registerCsiHandler({ final: 'c' }, unlessLive);
  parser.registerCsiHandler({ prefix: '>', final: 'c' }, unlessLive);
  parser.registerCsiHandler({ prefix: '=', final: 'c' }, unlessLive);
  parser.registerCsiHandler({ final: 'n' }, unlessLive);
  parser.registerCsiHandler({ prefix: '?', final: 'n' }, unlessLive);
  parser.registerCsiHandler({ intermediates: '$', final: 'p' }, unlessLive);
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, unlessLive);
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, unlessLive);
  parser.registerCsiHandler({ final: 't' }, () => true);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, unlessLive);
}

/** Whether an address may be opened from output. The extension checks again. */
export function isWebAddress(uri: string): boolean {
  return URL.canParse(uri) && ['http:', 'https:'].includes(new URL(uri).protocol);
}
