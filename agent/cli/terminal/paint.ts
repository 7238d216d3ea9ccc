import type { ColorWhen } from './terminal';

const codes = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** How this terminal shows colours and marks. */
export interface Paint {
  color(name: keyof typeof codes, text: string): string;
  /** Signs in front of steps; words where there is no Unicode. */
  readonly marks: Readonly<Record<'running' | 'passed' | 'failed' | 'skipped', string>>;
  /** Between parts of a line. */
  readonly dot: string;
  readonly ellipsis: string;
}

const unicode = {
  marks: { running: '▸', passed: '✓', failed: '✗', skipped: '○' },
  dot: ' · ',
  ellipsis: '…',
};
const ascii = {
  marks: { running: '>', passed: 'ok', failed: 'FAILED', skipped: 'skipped' },
  dot: ' - ',
  ellipsis: '...',
};

/** Colours as `--color`, NO_COLOR (https://no-color.org) and TERM ask for; signs as the locale allows. */
export function createPaint(env: NodeJS.ProcessEnv, when: ColorWhen, tty: boolean): Paint {
  const colored =
    when === 'always' || (when === 'auto' && tty && !given(env['NO_COLOR']) && env['TERM'] !== 'dumb');
  return {
    ...(speaksUnicode(env) ? unicode : ascii),
    color: (name, text) => (colored ? `\u001b[${codes[name]}m${text}\u001b[0m` : text),
  };
}

/** POSIX: the first of these three that is set decides. Where none is, a terminal of today knows UTF-8. */
function speaksUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(given);
  return locale === undefined || /utf-?8/i.test(locale);
}

function given(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
