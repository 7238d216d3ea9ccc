import * as assert from 'node:assert/strict';
import { OwnEdits, type EditedDocument } from '../../../extension/health/ownEdits';

const file = '/w/a.health.yaml';

/** A text document that does as VS Code's do. */
class Document implements EditedDocument {
  readonly uri = { fsPath: file };
  isDirty = false;
  readonly #edits: OwnEdits;
  #text: string;

  constructor(edits: OwnEdits, text: string, isDirty = false) {
    this.#edits = edits;
    this.#text = text;
    this.isDirty = isDirty;
    edits.opened(this);
  }

  getText(): string {
    return this.#text;
  }

  /** That it has to be saved is told after the change that made it so. */
  type(text: string): this {
    const wasDirty = this.isDirty;
    this.#change(text, wasDirty);
    this.isDirty = true;
    if (!wasDirty) this.#edits.changed(this, []);
    return this;
  }

  /** Read from disk again: somebody else has written it. */
  reload(text: string): this {
    return this.#change(text, false);
  }

  save(): this {
    this.isDirty = false;
    this.#edits.changed(this, []);
    this.#edits.saved(this);
    return this;
  }

  #change(text: string, isDirty: boolean): this {
    this.#text = text;
    this.isDirty = isDirty;
    this.#edits.changed(this, [{}]);
    return this;
  }
}

describe('what a person has written into a file of checks', () => {
  const open = (text: string, isDirty = false) => {
    const edits = new OwnEdits();
    return { edits, document: new Document(edits, text, isDirty) };
  };

  it('is what lies between what was read from disk and what was saved', () => {
    const { edits, document } = open('a');
    document.type('ab').save();
    assert.deepEqual(edits.take(), [{ file, before: 'a', after: 'ab' }]);
    assert.deepEqual(edits.take(), []);
    document.type('abc').save();
    assert.deepEqual(edits.take(), [{ file, before: 'a', after: 'abc' }]);
  });

  it('has nothing of what came in between from elsewhere', () => {
    const { edits, document } = open('a');
    document.type('ab').type('abc').save().reload('pulled').reload('pulled again').type('and mine').save();
    assert.deepEqual(edits.take(), [{ file, before: 'pulled again', after: 'and mine' }]);
  });

  it('is not known of what was unsaved in an earlier window, until it is saved', () => {
    const { edits, document } = open('from anywhere', true);
    document.save();
    assert.deepEqual(edits.take(), []);
    document.type('mine').save();
    assert.deepEqual(edits.take(), [{ file, before: 'from anywhere', after: 'mine' }]);
  });

  it('begins with what was saved where nothing could be understood before', () => {
    const { edits, document } = open('broken');
    document.type('mended').save();
    const [edit] = edits.take();
    edits.beginAgain(edit ?? assert.fail());
    document.type('mended, and mine').save();
    assert.deepEqual(edits.take(), [{ file, before: 'mended', after: 'mended, and mine' }]);
  });

  it('is not known any more of a file that was closed', () => {
    const { edits, document } = open('a');
    edits.closed(document);
    document.type('b').save();
    assert.deepEqual(edits.take(), []);
  });
});
