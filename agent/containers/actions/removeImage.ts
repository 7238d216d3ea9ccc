import type Docker from 'dockerode';

/**
 * Removes an image with all the names it has. An engine refuses that by its id where it has several, and would leave a
 * part of them where it is in use: so that is asked for first.
 */
export async function removeImage(docker: Docker, id: string, force: boolean): Promise<void> {
  const image = docker.getImage(id);
  const { Id, RepoTags } = await image.inspect();
  const names = RepoTags ?? [];
  if (force || names.length < 2 || names.includes(id)) return void (await image.remove({ force }));
  const users = await docker.listContainers({ all: true, filters: { ancestor: [Id] } });
  if (users.length > 0) {
    const list = users.map(({ Names, Id: user }) => Names[0]?.replace(/^\//, '') ?? user.slice(0, 12));
    throw Object.assign(new Error(), {
      statusCode: 409,
      json: { message: `It is used by ${list.slice(0, 5).join(', ')}` },
    });
  }
  for (const name of names) await docker.getImage(name).remove({ force: false });
}
