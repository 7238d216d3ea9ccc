/** A cell of a notebook as an editor has it. */
export interface NotebookCell {
  readonly kind: 'markup' | 'code';
  /** The editor's language id: `markdown`, `shellscript`, `python`. */
  readonly languageId: string;
  readonly text: string;
  /**
   * What saving needs to know, safe as JSON and not for others to read or change, except `linkDefinitions` of a text
   * cell: link targets that are defined elsewhere in the file, by label in markdown-it's normal form.
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A file that cannot be shown as a notebook: the editor offers it as text. */
export class UnreadableRunbook extends Error {
  override readonly name = 'UnreadableRunbook';
}

/** Cells that cannot be written so that reading gives them again. The message says which and why. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  /** Position of the cell in the notebook, from 0. */
  readonly cell: number;

  constructor(message: string, cell: number) {
    super(message);
    this.cell = cell;
  }
}
