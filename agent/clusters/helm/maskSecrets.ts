import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { soundsSecret } from '../../runbook/substitute/soundsSecret';

const hidden = '***';
/** Characters that a value has to have to be looked for elsewhere: `true` and `web` stand in many a place. */
const shortest = 6;

/** Hides what is secret, and remembers it, so that it is hidden also where it appears again. */
export class SecretMask {
  readonly #found = new Set<string>();

  /** Hides values whose names say that they are secret, and all that is below such a name. */
  values(document: Document): void {
    this.#named(document, true);
  }

  /** The documents of a manifest; one in which nothing is hidden stays as it is written. */
  manifest(text: string): string {
    const parts = text.split(/^(?=---)/m).map(part => {
      const document = parseDocument(part);
      // What cannot be read cannot be told to be harmless.
      if (document.errors.length > 0) return isPlain(part) ? part : '---\n# not shown: it is no valid YAML\n';
      const before = this.#found.size;
      if (document.get('kind') === 'Secret') this.#secret(document);
      const isNamed = this.#named(document, false);
      const isSame = before === this.#found.size && !isNamed;
      return isSame ? part : `---\n${document.toString({ lineWidth: 0 }).replace(/^---\n/, '')}`;
    });
    return this.text(parts.join(''));
  }

  /** Hides in a text what was found so far. */
  text(text: string): string {
    const words = [...this.#found].filter(word => word.length >= shortest);
    const lines = words.flatMap(word => word.split('\n').filter(line => line.trim().length >= 2 * shortest));
    const forms = [...words, ...lines].flatMap(word => [word, Buffer.from(word).toString('base64')]);
    return forms
      .sort((a, b) => b.length - a.length)
      .reduce((rest, word) => rest.replaceAll(word, hidden), text)
      .replaceAll(/(?<=:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/g, hidden);
  }

  #secret(document: Document): void {
    for (const part of ['data', 'stringData']) {
      const values = document.get(part);
      if (!isMap(values)) continue;
      for (const { value } of values.items) {
        if (!isScalar(value)) continue;
        const text = String(value.value);
        if (part === 'data') this.#found.add(Buffer.from(text, 'base64').toString());
        this.#hide(value);
      }
    }
  }

  /** Whether anything was hidden. `below`: also what stands below a name that says so. */
  #named(document: Document, below: boolean): boolean {
    let isAny = false;
    const hide = (node: Scalar): void => {
      if (this.#hide(node)) isAny = true;
    };
    visit(document, {
      Pair: (_, { key, value }) => {
        if (!isScalar(key) || !soundsSecret(String(key.value))) return undefined;
        if (isScalar(value)) hide(value);
        else if (below && isCollection(value)) hideBelow(value, hide);
        return undefined;
      },
      // As containers have their variables.
      Map: (_, map) => {
        const name = map.get('name');
        const value = map.get('value', true);
        if (typeof name === 'string' && soundsSecret(name) && isScalar(value)) hide(value);
      },
    });
    return isAny;
  }

  /** Switches and empty values say nothing. */
  #hide(node: Scalar): boolean {
    const { value } = node;
    const isSecret = (typeof value === 'string' && value !== '') || typeof value === 'number';
    if (!isSecret || value === hidden) return false;
    this.#found.add(String(value));
    node.value = hidden;
    delete node.type;
    return true;
  }
}

/** What only names something, `name` and `secretName`, stays. */
function hideBelow(node: Node, hide: (node: Scalar) => void): void {
  visit(node, {
    Scalar: (key, scalar, path) => {
      const parent = path.at(-1);
      if (key === 'key') return;
      const name = isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : '';
      if (!/name$/i.test(name)) hide(scalar);
    },
  });
}

function isPlain(text: string): boolean {
  return /^[\s\-#]*$/.test(text);
}
