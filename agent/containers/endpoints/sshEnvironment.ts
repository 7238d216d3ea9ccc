/** What of an environment `ssh` needs. */
export function sshEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => needed.test(name)));
}

const needed = /^(HOME|USERPROFILE|PATH|Path|SSH_AUTH_SOCK|SystemRoot)$/;
