/** Variables that tell which engines a person's own `docker` and `podman` would use, and how they are reached. */
const telling =
  /^(DOCKER_|CONTAINER_|COMPOSE_|XDG_)|^(HOME|USERPROFILE|APPDATA|LOCALAPPDATA|PATH|Path|SSH_AUTH_SOCK)$/;

/** What of an environment the agent needs to find engines; nothing else of it leaves the window. */
export function engineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && telling.test(name)) kept[name] = value;
  }
  return kept;
}
