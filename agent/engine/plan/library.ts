import { dirname, resolve } from 'node:path';
import { parseRunbook } from '../../runbook/parseRunbook';
import type { Book } from './book';

/** The runbooks of a plan: the one asked for, and those that its cells' needs lead to. */
export class Library {
  readonly #books = new Map<string, Book | string>();
  readonly #open: (file: string, runbook: ReturnType<typeof parseRunbook>) => Book;
  readonly #readFile: ((path: string) => string) | undefined;

  constructor(
    open: (file: string, runbook: ReturnType<typeof parseRunbook>) => Book,
    readFile: ((path: string) => string) | undefined,
  ) {
    this.#open = open;
    this.#readFile = readFile;
  }

  add(book: Book): void {
    this.#books.set(book.file, book);
  }

  /** The runbook of that name, seen from another one; or why it cannot be had. */
  find(from: Book, written: string): Book | string {
    const file = resolve(dirname(from.file), written);
    const known = this.#books.get(file) ?? this.#read(file);
    this.#books.set(file, known);
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
