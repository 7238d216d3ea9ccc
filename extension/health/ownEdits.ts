/** An edit of a person: what a file was before it, and is with it. */
export interface OwnEdit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** What is used of VS Code's text document. */
export interface EditedDocument {
  readonly uri: { readonly fsPath: string };
  readonly isDirty: boolean;
  getText(): string;
}

/**
 * Tells what a person has written into a file in this window from what came into it otherwise, as with a pull: the
 * former is the difference between what was last read from disk and what they save.
 */
export class OwnEdits {
  /** What files were that are open, as it came from disk. */
  readonly #foreign = new Map<string, string>();
  /** The same before the last change, as long as it is not sure whose that was. */
  readonly #doubted = new Map<string, string>();
  readonly #saved = new Map<string, OwnEdit>();

  /** What was unsaved in an earlier window may have come from anywhere. */
  opened(document: EditedDocument): void {
    if (!document.isDirty) this.#foreign.set(document.uri.fsPath, document.getText());
  }

  /**
   * A change that leaves nothing to save was read from disk. The first of an edit looks the same: VS Code tells only
   * right after it, without another change, that there is something to save.
   */
  changed(document: EditedDocument, { length }: readonly unknown[]): void {
    const file = document.uri.fsPath;
    const before = this.#foreign.get(file);
    const doubted = this.#doubted.get(file);
    this.#doubted.delete(file);
    if (document.isDirty && length === 0 && doubted !== undefined) this.#foreign.set(file, doubted);
    if (document.isDirty || length === 0) return;
    this.#foreign.set(file, document.getText());
    if (before !== undefined) this.#doubted.set(file, before);
  }

  /** The texts are those of now: the file itself may be another a moment later. */
  saved(document: EditedDocument): void {
    const file = document.uri.fsPath;
    const before = this.#foreign.get(file);
    this.#doubted.delete(file);
    const after = document.getText();
    if (before === undefined) this.#foreign.set(file, after);
    else if (before !== after) this.#saved.set(file, { file, before, after });
  }

  closed({ uri }: EditedDocument): void {
    this.#foreign.delete(uri.fsPath);
    this.#doubted.delete(uri.fsPath);
  }

  /** The edits that were saved since this was last asked. */
  take(): OwnEdit[] {
    const edits = [...this.#saved.values()];
    this.#saved.clear();
    return edits;
  }

  /** A file whose text before said nothing: what it is now is where the next edit begins. */
  beginAgain({ file, after }: OwnEdit): void {
    if (this.#foreign.has(file)) this.#foreign.set(file, after);
  }
}
