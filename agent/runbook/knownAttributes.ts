import { attributeTable } from './attributeTable';

/** Names that are understood beside those of the table: Runme's, and what other tools put on fences. */
const others = ['id', 'shell', 'title', 'promptEnv', 'terminalRows'];

/** Names that an attribute can have, aliases that stay as they are among them. */
export const knownAttributes: ReadonlySet<string> = new Set([...Object.keys(attributeTable), ...others]);
