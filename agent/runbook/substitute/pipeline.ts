import type { HereDocument } from './hereDocument';
import type { ReadAgain } from './secondReader';
import type { Atom } from './shellContext';

/** A here-document that is still to come, and who will read it. */
export interface PendingDocument {
  readonly document: HereDocument;
  again?: ReadAgain | undefined;
}

/**
 * The commands of a pipeline that is being read: what earlier ones print is code where a later one reads its input as
 * that. Each atom is looked at once.
 */
export class Pipeline {
  readonly #atoms: Atom[];
  readonly #around: Pipeline | undefined;
  #groups: Group | undefined;
  /** Atoms from here on belong to the pipeline. */
  #start: number;
  /** Where the subshell began. */
  readonly #outside: number;
  #documents: PendingDocument[] = [];
  #hereStrings: number[] = [];
  #isMarked = false;

  /** `around`: that of a subshell's own command. */
  constructor(atoms: Atom[], around?: Pipeline) {
    this.#atoms = atoms;
    this.#around = around;
    this.#start = atoms.length;
    this.#outside = atoms.length;
  }

  /** `{`, `if` and such: what they hold is a part of the pipeline they stand in. */
  open(): void {
    this.#groups = { start: this.#start, end: this.#atoms.length, outer: this.#groups };
    this.#start = this.#atoms.length;
  }

  close(): void {
    if (!this.#groups) return;
    this.#start = Math.min(this.#start, this.#groups.start);
    this.#groups = this.#groups.outer;
  }

  add(document: PendingDocument): void {
    this.#documents.push(document);
  }

  /** The next atom is in a here-string. */
  addHereString(): void {
    this.#hereStrings.push(this.#atoms.length);
  }

  /** A command ended, with who reads its input as code; `before`: how many atoms there were where it began. */
  end(reader: ReadAgain | undefined, before: number, isPiped: boolean): void {
    if (reader) {
      this.#mark(this.#start, before, reader);
      this.#start = Math.max(this.#start, before);
      for (const at of this.#hereStrings) this.#markAtom(at, reader);
      for (const document of this.#documents) document.again = reader;
      this.#markAround(reader);
    }
    this.#hereStrings = [];
    if (isPiped) return;
    this.#start = this.#atoms.length;
    this.#documents = [];
  }

  #markAround(reader: ReadAgain): void {
    for (let group = this.#groups; group && group.start < group.end; group = group.outer) {
      this.#mark(group.start, group.end, reader);
      group.end = group.start;
    }
    if (!this.#around || this.#isMarked) return;
    this.#isMarked = true;
    this.#around.#mark(this.#around.#start, this.#outside, reader);
    this.#around.#markAround(reader);
  }

  #mark(from: number, to: number, reader: ReadAgain): void {
    for (let at = from; at < to; at++) if (isPrinted(this.#atoms[at])) this.#markAtom(at, reader);
  }

  #markAtom(at: number, reader: ReadAgain): void {
    const atom = this.#atoms[at];
    if (atom) this.#atoms[at] = { ...atom, again: reader };
  }
}

interface Group {
  readonly start: number;
  end: number;
  readonly outer: Group | undefined;
}

/** Whether a command prints what it is given; `curl https://…/<version>/install.sh | sh` does not. */
export function isPrinted(atom: Pick<Atom, 'command' | 'context'> | undefined): boolean {
  if (!atom) return false;
  return atom.context === 'heredoc' || printing.has(atom.command);
}

const printing: ReadonlySet<string> = new Set(
  'echo printf print cat tee sed awk gawk jq tr yes envsubst base64 write-output write-host'.split(' '),
);
