/** Who reads a text again after the shell has put values into it: `far` is a shell at another machine. */
export type ReadAgain = 'shell' | 'far' | 'code';

/**
 * Follows the words of a simple command and tells which of them a second program takes as its own code: a value in it
 * would be run. Each word costs the same, however many there are.
 */
export class SecondReader {
  readonly #underway: Underway[] = [];
  #first = '';

  /** A word is complete. */
  take(written: string): void {
    const word = plainText(written);
    const isFirst = this.#first === '';
    if (isFirst) this.#first = baseName(word);
    for (const one of this.#underway) one.take(word);
    if (this.#underway.length >= mostPrograms) return;
    const last = this.#underway.at(-1);
    // `ssh host "sudo bash"`: what a far shell is told is a command, too.
    const tokens = last?.program.kind === 'far' && last.operands > 1 ? word.split(/\s+/) : [word];
    for (const token of tokens) {
      const program = programs.get(baseName(token));
      if (!program) continue;
      const isStarted = isFirst || wrappers.has(this.#first) || /^[-+]/.test(this.#first);
      if (isStarted || program.anywhere === true) this.#underway.push(new Underway(program, isStarted));
    }
  }

  /** Who reads the word that is underway as code; `word`: as much of it as was read, quotes included. */
  readsWord(word: string): ReadAgain | undefined {
    const soFar = plainText(word);
    if (runLater.test(soFar)) return 'shell';
    return this.#underway.find(one => one.readsWord(soFar))?.program.kind;
  }

  /** Who reads a file that stands here, `source <(…)`. */
  get readsFile(): ReadAgain | undefined {
    const last = this.#underway.at(-1);
    return last?.readsFile ? last.program.kind : undefined;
  }

  /** Who reads its standard input as code. */
  get readsInput(): ReadAgain | undefined {
    const last = this.#underway.at(-1);
    if (last?.readsInput) return last.program.kind;
    return this.#first === 'xargs' && last?.hasCode === true ? 'shell' : undefined;
  }
}

/** How a program takes code. */
interface Program {
  readonly kind: ReadAgain;
  /** Options after which a word of code follows. */
  readonly code?: RegExp;
  /** Options whose word has the code in itself. */
  readonly inline?: RegExp;
  /** Other options that take the next word. */
  readonly valued?: RegExp;
  /** Which of the words that are no options are code. */
  readonly operands?: 'first' | 'all' | 'rest';
  /** How many words that are no options it may have and read its input all the same. */
  readonly input?: number;
  /** Found also where it is not known that the command starts it. */
  readonly anywhere?: boolean;
  /** What follows the code are its arguments. */
  readonly ends?: boolean;
}

/** A program that a command starts, as far as its words were read. */
class Underway {
  readonly program: Program;
  operands = 0;
  hasCode = false;
  readonly #isStarted: boolean;
  #expects: 'code' | 'value' | undefined;
  #isOver = false;
  #asksInput = false;

  constructor(program: Program, isStarted: boolean) {
    this.program = program;
    this.#isStarted = isStarted;
  }

  get readsFile(): boolean {
    return this.program.input !== undefined && this.operands === 0 && !this.hasCode;
  }

  get readsInput(): boolean {
    const { input, kind } = this.program;
    if (input === undefined || this.hasCode || !this.#isStarted) return false;
    if (this.#asksInput) return true;
    return kind === 'far' ? this.operands === 1 : this.operands <= input;
  }

  take(word: string): void {
    const { code, valued, operands, ends = false } = this.program;
    if (this.#expects === 'value') this.#expects = undefined;
    else if (this.#isOver) return;
    else if (isOption(word)) {
      if (code?.test(word)) {
        this.#expects = 'code';
        this.hasCode = true;
      } else if (valued?.test(word) && !(this.program.kind === 'far' && this.operands > 1)) {
        if (this.#expects === undefined) this.#expects = 'value';
      } else if (/^-\w*s\w*$/.test(word) && ends) this.#asksInput = true;
    } else if (this.#expects === 'code') {
      this.#expects = undefined;
      this.#isOver = ends;
    } else {
      this.operands++;
      if (word === '-' || word === '/dev/stdin') this.#asksInput = true;
      this.#isOver = ends && operands === undefined;
    }
  }

  readsWord(word: string): boolean {
    const { inline, operands } = this.program;
    if (inline?.test(word)) return true;
    if (this.#expects === 'value' || this.#isOver) return false;
    if (this.#expects === 'code') return !isOption(word);
    if (operands === 'all') return true;
    if (operands === 'rest') return this.operands > 0;
    return operands === 'first' && this.operands === 0 && !this.hasCode && !isOption(word);
  }
}

const mostPrograms = 4;

function isOption(word: string): boolean {
  return /^[-+]./.test(word) && word !== '--';
}

function plainText(word: string): string {
  return word.replaceAll(/[\\'"]/g, '');
}

function baseName(word: string): string {
  return word
    .slice(word.lastIndexOf('/') + 1)
    .replace(/\.exe$/i, '')
    .toLowerCase();
}

/** What a shell expands or runs at each prompt, and PowerShell's way to make code of a text. */
const runLater = /^(PROMPT_COMMAND|PS[0124]|BASH_ENV|ENV)\+?=|\[scriptblock\]::create\(/i;

const shell: Program = {
  kind: 'shell',
  code: /^-\w*c\w*$|^--?command$/i,
  inline: /^--?command=/i,
  valued: /^([-+]\w*[oO]|--rcfile|--init-file)$/,
  input: 0,
  anywhere: true,
  ends: true,
};

/** `su - ana -c "…"`: its option stands anywhere. */
const asOther: Program = { kind: 'shell', code: /^-\w*c$|^--command$/, inline: /^--command=/, input: 9 };

const commanded: Program = { kind: 'shell', code: /^(-c|--command)$/, inline: /^--command=/ };

const ssh: Program = {
  kind: 'far',
  inline: /^(-o)?(Proxy|Local|Remote|KnownHosts)Command\b/i,
  valued: /^-[46AaCfGgKkMNnqsTtVvXxYy]*[BbcDEeFIiJLlmOopQRSWw]$/,
  operands: 'rest',
  input: 1,
};

const everything: Program = { kind: 'shell', operands: 'all' };

const python: Program = {
  kind: 'code',
  code: /^-\w*c$/,
  valued: /^-[mWX]$/,
  input: 0,
  anywhere: true,
  ends: true,
};

/** perl, ruby, node and others: `-e`, more than once. */
const evaluating: Program = {
  kind: 'code',
  code: /^(-[a-zA-Z]*[eE]|-p|-r|--eval|--print|--run)$/,
  inline: /^--(eval|print|run)=/,
  input: 0,
  anywhere: true,
};

const awk: Program = { kind: 'code', valued: /^-[vFf]$/, operands: 'first' };

/** GNU sed runs what its command `e` and the flag `e` of `s` are given; without `-e` the first word is the script. */
const sed: Program = {
  kind: 'code',
  code: /^(-[nrEsuz]*e|--expression)$/,
  inline: /^(-[nrEsuz]*e.|--expression=)/,
  valued: /^-[flL]$/,
  operands: 'first',
};

/** Their `\!`, `system` and `.shell` run programs, and a statement is code as it is. */
const psql: Program = {
  kind: 'code',
  code: /^(-[a-zA-Z0-9]*c|--command)$/,
  inline: /^--command=/,
  valued: /^-[dFfhLoPpRTUv]$/,
  input: 2,
};

const mysql: Program = {
  kind: 'code',
  code: /^(-[a-zA-Z]*e|--execute)$/,
  inline: /^--execute=/,
  valued: /^-[DhPSu]$/,
  input: 1,
};

const sqlite: Program = { kind: 'code', code: /^-cmd$/, operands: 'rest', input: 1 };

const programs: ReadonlyMap<string, Program> = new Map([
  ...each('bash sh dash zsh ksh mksh ash fish pwsh powershell rbash', shell),
  ...each('su runuser', asOther),
  ...each('script flock sg gcloud vagrant', commanded),
  ...each('ssh autossh', ssh),
  ...each('eval alias watch parallel iex invoke-expression cmd abbr', everything),
  ...each('iex invoke-expression', { ...everything, input: 9 }),
  ...each('trap', { kind: 'shell', operands: 'first' }),
  ...each('source .', { kind: 'shell', input: 0, ends: true }),
  ...each('at batch', { kind: 'shell', input: 9 }),
  ...each('python python2 python3 pypy3', python),
  ...each('perl ruby node nodejs deno bun php lua osascript', evaluating),
  ...each('awk gawk mawk nawk', awk),
  ...each('sed gsed', sed),
  ...each('psql', psql),
  ...each('mysql mariadb', mysql),
  ...each('sqlite3', sqlite),
]);

function each(names: string, program: Program): [string, Program][] {
  return names.split(' ').map(name => [name, program]);
}

/** They start another program that stands among their words. */
const wrappers: ReadonlySet<string> = new Set(
  (
    'sudo doas env nice ionice nohup timeout stdbuf setsid time exec command xargs chroot nsenter unshare find ' +
    'kubectl oc k3s docker podman nerdctl lxc incus machinectl ssh autossh sshpass busybox minikube multipass limactl ' +
    'systemd-run compose docker-compose nix-shell watch strace wsl chronic chpst gosu'
  ).split(' '),
);
