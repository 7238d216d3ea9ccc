/** Names that an attribute can have, aliases that stay as they are among them. */
export const knownAttributes: ReadonlySet<string> = new Set(
  (
    'name id needs when unless verify rollback confirm timeout retries retry-delay on-error strict effect lock env ' +
    'cwd background ready tty target output expect-exit tags exclude parallel mime interpreter placeholders ignore ' +
    'shell title secrets promptEnv terminalRows'
  ).split(' '),
);
