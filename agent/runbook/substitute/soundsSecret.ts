/**
 * Whether a placeholder's name says that it stands for a secret: `db-password`, `YOUR_API_KEY`, `github token`. What only
 * leads to one (`password-file`, `secret-name`) is none.
 */
export function soundsSecret(name: string): boolean {
  const words = name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  const rest = words.filter(word => word !== '' && !fillers.has(word));
  return single.has(rest.at(-1) ?? '') || pairs.has(rest.slice(-2).join('-'));
}

/** What is added without changing what is meant. */
const fillers: ReadonlySet<string> = new Set(['here', 'value', 'your', 'my', 'the', 'goes']);

const single: ReadonlySet<string> = new Set(
  'password passwd passphrase passcode pwd pass token secret secrets credential credentials apikey accesskey secretkey pat'.split(
    ' ',
  ),
);

const pairs: ReadonlySet<string> = new Set(
  'api-key access-key secret-key private-key auth-key signing-key encryption-key account-key license-key one-time-code'.split(
    ' ',
  ),
);
