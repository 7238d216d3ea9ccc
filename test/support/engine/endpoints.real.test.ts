import assert from 'node:assert/strict';
import { runCommand } from '../command';
import { needs, provide } from '../realSystem';
import { dockerd, startDocker } from './dockerd';
import { dockerProgram } from './dockerProgram';
import { sshd, startSshHost } from './sshHost';
import { startTlsDocker } from './tlsDocker';

const name = ['info', '--format', '{{.ID}}'];

describe('other ways to a Docker engine', function () {
  this.timeout(120_000);
  before(needs(dockerd, dockerProgram, sshd));

  it('TLS, for who has a certificate of its CA', async () => {
    await using engine = await startTlsDocker();
    const docker = await provide(dockerProgram);
    const ask = (certificates: string) =>
      runCommand(docker, name, {
        env: { ...engine.tls.env, DOCKER_CERT_PATH: certificates },
        deadline: 20_000,
      });
    assert.equal((await ask(engine.tls.certificates)).trim(), await engine.docker(...name));
    await assert.rejects(ask(engine.tls.foreign), /x509|certificate/);
    await engine.restart();
    assert.equal((await ask(engine.tls.certificates)).trim(), await engine.docker(...name));
  });

  it('SSH, until its host is gone', async () => {
    await using engine = await startDocker();
    const host = await startSshHost(engine);
    const docker = await provide(dockerProgram);
    const env = { ...engine.env, ...host.env, DOCKER_HOST: host.address };
    const ask = () => runCommand(docker, name, { env, deadline: 20_000 });
    assert.equal((await ask()).trim(), await engine.docker(...name));
    await host.stop();
    await assert.rejects(ask());
  });
});
