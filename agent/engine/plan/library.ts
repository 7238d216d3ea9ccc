import { dirname, resolve } from 'node:path';
import { parseRunbook } from '../../runbook/parseRunbook';
import type { Book } from './book';
import type { PlanSetting } from './planSetting';

/** The runbooks of a plan: the one asked for, and those that its cells' needs lead to. Each file once, whatever it is called. */
export class Library {
  readonly #books = new Map<string, Book | string>();
  readonly #open: (file: string, runbook: ReturnType<typeof parseRunbook>) => Book;
  readonly #readFile: ((path: string) => string) | undefined;
  readonly #identify: (path: string) => string;

  constructor(
    open: (file: string, runbook: ReturnType<typeof parseRunbook>) => Book,
    { readFile, identify = path => path }: Pick<PlanSetting, 'readFile' | 'identify'>,
  ) {
    this.#open = open;
    this.#readFile = readFile;
    this.#identify = identify;
  }

  add(book: Book): void {
    this.#books.set(this.#identify(book.file), book);
  }

  /** The runbook of that name, seen from another one; or why it cannot be had. */
  find(from: Book, written: string): Book | string {
    const file = resolve(dirname(from.file), written);
    const id = this.#identify(file);
    const known = this.#books.get(id) ?? this.#read(file);
    this.#books.set(id, known);
    return known;
  }

  #read(file: string): Book | string {
    if (this.#readFile === undefined) return `${file} is not looked at here`;
    try {
      return this.#open(file, parseRunbook(this.#readFile(file)));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return code === 'ENOENT' || code === 'ENOTDIR'
        ? `${file} is not there`
        : `${file} cannot be read: ${message}`;
    }
  }
}
