import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { makeCertificate } from '../../../support/certificate';
import { runCommand } from '../../../support/command';
import { faketime } from '../../../support/faketime';
import { freePort } from '../../../support/freePort';
import { startServer } from '../../../support/loopbackServer';
import { dnsmasq, ping } from '../../../support/programs';
import { needs, provide } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { probe } from './probing';

describe('a check of type tcp', () => {
  it('is up where somebody listens, and knows what they say', async () => {
    await using server = await speaking('220 mail.example.org ready\r\nmore\r\n');
    const { state, values } = await probe({ type: 'tcp', address: server.address });
    assert.deepEqual([state, values['banner']], ['up', '']);
    const read = await probe({
      type: 'tcp',
      address: server.address,
      read: true,
      up: 'banner.startsWith("220 ")',
    });
    assert.deepEqual([read.state, read.values['banner']], ['up', '220 mail.example.org ready']);
    const other = await probe({
      type: 'tcp',
      address: server.address,
      read: true,
      up: 'banner.startsWith("+OK")',
    });
    assert.match(other.message, /^banner\.startsWith\("\+OK"\) did not hold/);
  });

  it('says something first where it is told to', async () => {
    const server = createServer(socket =>
      socket.on('error', () => undefined).once('data', text => socket.end(`+${String(text)}`)),
    );
    await using listening = await listen(server);
    const { state, values } = await probe({
      type: 'tcp',
      address: listening.address,
      send: 'PING\r\n',
      up: 'banner == "+PING"',
    });
    assert.deepEqual([state, values['banner']], ['up', '+PING']);
  });

  it('is down where nobody listens, or nobody answers in time', async () => {
    const refused = await probe({ type: 'tcp', address: `127.0.0.1:${await freePort()}` });
    assert.deepEqual([refused.state, /connection refused$/.test(refused.message)], ['down', true]);
    await using silent = await speaking('');
    const late = await probe({ type: 'tcp', address: silent.address, read: true, timeout: '300ms' });
    assert.deepEqual([late.state, /no answer within 300 ms$/.test(late.message)], ['down', true]);
  });
});

describe('a check of type tls', function () {
  this.timeout(60_000);
  before(needs(faketime));

  it('tells how long a certificate holds, and whether it is trusted', async () => {
    await using folder = await temporaryFolder('tls');
    const certificate = await makeCertificate(folder.path);
    await using server = await startServer((_, response) => response.end(), certificate);
    const address = new URL(server.address).host;
    const look = (more: object) => probe({ type: 'tls', address, ...more }, folder.path);

    const untrusted = await look({});
    assert.deepEqual([untrusted.state, untrusted.message], ['down', 'trusted was false']);
    const short = await look({ ca: 'cert.pem' });
    assert.match(short.message, /^expires was (24|23\.\d|23) h, wanted more than 336h$/);
    const well = await look({
      ca: 'cert.pem',
      up: 'trusted && expires > duration("1h") && protocol == "TLSv1.3" && chain == 1',
    });
    assert.deepEqual([well.state, well.message], ['up', '']);
    assert.deepEqual(
      [well.values['subject'], well.values['issuer'], well.values['names']],
      ['handrail-test', 'handrail-test', ['127.0.0.1']],
    );
    assert.equal(well.values['fingerprint'], new X509Certificate(certificate.cert).fingerprint256);
  });

  it('is down where a certificate has expired', async () => {
    await using folder = await temporaryFolder('expired');
    const certificate = await expired(folder.path);
    await using server = await startServer((_, response) => response.end(), certificate);
    const found = await probe(
      { type: 'tls', address: new URL(server.address).host, verify: false },
      folder.path,
    );
    assert.equal(found.state, 'down');
    assert.match(found.message, /^expires was -\d+ d, wanted more than 336h$/);
    const web = await probe({ type: 'http', url: server.address, ca: 'cert.pem' }, folder.path);
    assert.match(web.message, /its certificate has expired$/);
  });

  it('is down where the answer is not TLS', async () => {
    await using server = await speaking('SSH-2.0-OpenSSH_9.2\r\n');
    const found = await probe({ type: 'tls', address: server.address });
    assert.deepEqual([found.state, /the answer is not TLS$/.test(found.message)], ['down', true]);
  });
});

describe('a check of type dns', function () {
  this.timeout(60_000);
  const undo = new AsyncDisposableStack();
  let resolver: string;
  before(needs(dnsmasq));
  before(async () => {
    const port = await freePort();
    resolver = `127.0.0.1:${port}`;
    const records = [
      '--host-record=api.example.test,192.0.2.7',
      '--mx-host=example.test,mail.example.test,10',
      '--txt-record=example.test,v=spf1 -all',
    ];
    const options = [
      '--no-daemon',
      '--no-resolv',
      '--no-hosts',
      '--bind-interfaces',
      '--listen-address=127.0.0.1',
      `--port=${port}`,
      '--local=/test/',
      '--user=root',
      '--pid-file=',
    ];
    const child = spawn(await provide(dnsmasq), [...options, ...records], { stdio: 'ignore' });
    undo.defer(async () => {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    });
    await waitFor(
      'dnsmasq',
      async () =>
        (await probe({ type: 'dns', query: 'api.example.test', resolver, timeout: '1s' })).state === 'up' ||
        undefined,
    );
  });
  after(() => undo.disposeAsync());

  const rows: [string, object, string, string][] = [
    ['an address', { query: 'api.example.test' }, 'up', ''],
    ['the wanted address', { query: 'api.example.test', up: 'records == ["192.0.2.7"]' }, 'up', ''],
    [
      'another address',
      { query: 'api.example.test', up: '"192.0.2.8" in records' },
      'down',
      '"192.0.2.8" was "192.0.2.8", wanted one of records (["192.0.2.7"])',
    ],
    [
      'a mail server',
      {
        query: 'example.test',
        record: 'MX',
        up: 'records.exists(r, r.startsWith("mail.") || r.endsWith("mail.example.test") || r.startsWith("10"))',
      },
      'up',
      '',
    ],
    ['a text', { query: 'example.test', record: 'TXT', up: 'records == ["v=spf1 -all"]' }, 'up', ''],
    ['no such name', { query: 'nothing.test' }, 'down', 'code was "NXDOMAIN", wanted "NOERROR"'],
    ['no such name, which is wanted', { query: 'nothing.test', up: 'code == "NXDOMAIN"' }, 'up', ''],
    [
      'no record of the type',
      { query: 'api.example.test', record: 'TXT' },
      'down',
      'code was "NODATA", wanted "NOERROR"',
    ],
    [
      'what the server may not ask others',
      { query: 'example.org' },
      'down',
      'code was "REFUSED", wanted "NOERROR"',
    ],
  ];
  for (const [what, entry, state, message] of rows) {
    it(`finds ${what}`, async () => {
      const found = await probe({ type: 'dns', resolver, ...entry });
      assert.deepEqual([found.state, found.message], [state, message]);
    });
  }

  it('is down where no server answers', async () => {
    const found = await probe({ type: 'dns', query: 'a.test', resolver: `127.0.0.1:${await freePort()}` });
    assert.deepEqual(
      [found.state, /no name server answers there$|no answer$/.test(found.message)],
      ['down', true],
    );
  });
});

describe('a check of type icmp', function () {
  this.timeout(60_000);
  before(needs(ping));

  it('is up where a host answers', async () => {
    const found = await probe({
      type: 'icmp',
      host: '127.0.0.1',
      up: 'received == 3 && loss == 0.0 && average < duration("1s")',
    });
    assert.deepEqual([found.state, found.message], ['up', '']);
  });

  it('is down where a host does not, or is not known', async () => {
    const silent = await probe({ type: 'icmp', host: '240.0.0.1', count: 1, timeout: '15s' });
    assert.notEqual(silent.state, 'up', silent.message);
    const unknown = await probe({ type: 'icmp', host: 'nowhere.invalid' });
    assert.match(unknown.message, /^nowhere\.invalid: /);
    assert.notEqual(unknown.state, 'up');
  });
});

async function speaking(text: string): Promise<{ address: string } & AsyncDisposable> {
  return listen(
    createServer(socket =>
      socket
        .on('error', () => undefined)
        .resume()
        .write(text),
    ),
  );
}

async function listen(
  server: ReturnType<typeof createServer>,
): Promise<{ address: string } & AsyncDisposable> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** One that was good for a day, long ago. */
async function expired(folder: string): Promise<{ key: string; cert: string }> {
  const { key } = await makeCertificate(folder);
  const made = ['-days', '1', '-subj', '/CN=handrail-test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-key', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const env = { LD_PRELOAD: await provide(faketime), FAKETIME: '-400d' };
  await runCommand('openssl', ['req', '-x509', ...files, ...made], { deadline: 10_000, env });
  return { key, cert: await readFile(join(folder, 'cert.pem'), 'utf8') };
}
