/** A step of a compiled pattern. `split` goes on at each of its targets, the others at the next instruction. */
export type Instruction =
  | { readonly op: 'char'; readonly test: RegExp }
  | { readonly op: 'split'; readonly to: readonly number[] }
  | { readonly op: 'start' | 'end' | 'match' };

/** Compiles a pattern that RegExp accepts, with its flags. */
export function compileProgram(
  pattern: string,
  flags: '' | 'u',
): { program: readonly Instruction[]; problem?: never } | { problem: string; program?: never } {
  const compiler = new Compiler(pattern, flags);
  try {
    return { program: compiler.compile() };
  } catch (error) {
    if (error instanceof Unsupported) return { problem: error.message };
    throw error;
  }
}

class Unsupported extends Error {}

const largest = 2000;
const deepest = 50;

/** Instructions with targets relative to their own place, so that a piece can be repeated. */
type Piece = readonly (Exclude<Instruction, { op: 'split' }> | { op: 'split'; by: readonly number[] })[];

class Compiler {
  readonly #pattern: string;
  readonly #flags: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string, flags: string) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  compile(): readonly Instruction[] {
    const piece = [...this.#alternatives(), { op: 'match' as const }];
    return piece.map((instruction, at) =>
      instruction.op === 'split' ? { op: 'split', to: instruction.by.map(by => at + by) } : instruction,
    );
  }

  #alternatives(): Piece {
    if (++this.#depth > deepest) throw new Unsupported(`groups more than ${deepest} deep`);
    let piece = this.#sequence();
    while (this.#take('|')) {
      const other = this.#sequence();
      piece = limited([
        { op: 'split', by: [1, piece.length + 2] },
        ...piece,
        { op: 'split', by: [other.length + 1] },
        ...other,
      ]);
    }
    this.#depth--;
    return piece;
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern[this.#at]!)) {
      pieces.push(this.#repeated(this.#atom()));
    }
    return limited(pieces.flat());
  }

  #repeated(piece: Piece): Piece {
    const match = this.#next(/[*+?]|\{(\d+)(,?)(\d*)\}/y);
    if (!match) return piece;
    this.#take('?');
    const [sign, least = '', comma, most = ''] = match;
    if (sign === '*') return star(piece);
    if (sign === '+') return [...piece, ...star(piece)];
    if (sign === '?') return optional(piece);
    const min = Number(least);
    const max = comma === '' ? min : most === '' ? undefined : Number(most);
    if (Math.max(min, max ?? 0) * Math.max(1, piece.length) > largest) throw tooLarge();
    const tail =
      max === undefined
        ? star(piece)
        : Array<Piece>(max - min)
            .fill(optional(piece))
            .flat();
    return limited([...Array<Piece>(min).fill(piece).flat(), ...tail]);
  }

  #atom(): Piece {
    if (this.#take('^')) return [{ op: 'start' }];
    if (this.#take('$')) return [{ op: 'end' }];
    if (this.#take('(')) return this.#group();
    const part =
      this.#next(/\[(?:\\[^]|[^\]\\])*\]/y) ??
      this.#next(escape) ??
      this.#next(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/y);
    const text = part![0];
    if (/^\\([1-9]|k<)/.test(text)) throw new Unsupported('back-references are not supported');
    if (/^\\[bB]/.test(text)) throw new Unsupported('\\b and \\B are not supported');
    const source = text === ']' || text === '}' || text === '{' ? `\\${text}` : text;
    return [{ op: 'char', test: new RegExp(`^${source}$`, this.#flags) }];
  }

  #group(): Piece {
    const kind = this.#next(/\?(?::|<[A-Za-z_$][\w$]*>)/y);
    if (!kind && this.#pattern[this.#at] === '?') throw new Unsupported('lookaround is not supported');
    const piece = this.#alternatives();
    this.#take(')');
    return piece;
  }

  #take(char: string): boolean {
    if (this.#pattern[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #next(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#pattern);
    if (match) this.#at += match[0].length;
    return match ?? undefined;
  }
}

const escape =
  /\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|c[A-Za-z]|k<[^>]*>|[1-9]\d*|[^])/y;

function star(piece: Piece): Piece {
  return limited([
    { op: 'split', by: [1, piece.length + 2] },
    ...piece,
    { op: 'split', by: [-piece.length - 1] },
  ]);
}

function optional(piece: Piece): Piece {
  return [{ op: 'split', by: [1, piece.length + 1] }, ...piece];
}

function limited(piece: Piece): Piece {
  if (piece.length > largest) throw tooLarge();
  return piece;
}

function tooLarge(): Unsupported {
  return new Unsupported('it repeats too much');
}
