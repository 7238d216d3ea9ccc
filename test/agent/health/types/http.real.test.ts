import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer as createPlain, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeCertificate } from '../../../support/certificate';
import { freePort } from '../../../support/freePort';
import { startServer, type Answerer } from '../../../support/loopbackServer';
import { nginx } from '../../../support/programs';
import { needs, provide } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { probe } from './probing';

type CheckState = 'up' | 'down';

const endless: Answerer = (_, response) => {
  const more = (): void => {
    while (response.write(Buffer.alloc(65_536, 'x')));
  };
  response.on('drain', more);
  more();
};

const bomb: Answerer = (_, response) => {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
};

const drip: Answerer = (_, response) => {
  const timer = setInterval(() => response.write('.'), 20);
  response.once('close', () => clearInterval(timer));
};

describe('a check of type http', function () {
  this.timeout(60_000);

  describe('at nginx', () => {
    const undo = new AsyncDisposableStack();
    let address: string;
    before(needs(nginx));
    before(async () => {
      const { path } = undo.use(await temporaryFolder('nginx'));
      const port = await freePort();
      await startNginx(undo, path, port);
      address = `http://127.0.0.1:${port}`;
      await waitFor('nginx', async () => ((await fetch(address).catch(() => undefined)) ? true : undefined));
    });
    after(() => undo.disposeAsync());

    it('is up where the condition holds, with what was answered', async () => {
      const up = 'status == 200 && body.ok == true && body.version >= 2 && time < duration("10s")';
      const { state, message, values } = await probe({ type: 'http', url: `${address}/health`, up });
      assert.deepEqual([state, message], ['up', '']);
      assert.deepEqual([values['status'], values['body']], [200, { ok: true, version: 3 }]);
      assert.match(String((values['headers'] as Record<string, string>)['server']), /^nginx/);
    });

    const down: [string, string, string, string][] = [
      ['the status is another', '/nothing', 'status == 200', 'status was 404, wanted 200'],
      ['the body says so', '/health', 'body.ok == false', 'body.ok was true, wanted false'],
      ['there is no JSON', '/plain', 'body.ok', 'there is no body: the answer is not JSON'],
      ['a header is missing', '/health', 'headers["x-api"] == "1"', 'headers["x-api"] is not there'],
    ];
    for (const [what, path, up, message] of down) {
      it(`is down where ${what}`, async () => {
        const found = await probe({ type: 'http', url: address + path, up });
        assert.deepEqual([found.state, found.message], ['down', message]);
      });
    }

    it('is degraded where it is up, but its other condition holds', async () => {
      const { state, message } = await probe({
        type: 'http',
        url: `${address}/health`,
        degraded: 'body.version < 4',
      });
      assert.deepEqual([state, message], ['degraded', 'body.version was 3']);
    });

    it('follows redirects, or looks at one', async () => {
      const followed = await probe({
        type: 'http',
        url: `${address}/moved`,
        up: 'redirects == 1 && body.ok',
      });
      assert.deepEqual([followed.state, followed.values['url']], ['up', `${address}/health`]);
      const looked = await probe({
        type: 'http',
        url: `${address}/moved`,
        redirects: 0,
        up: 'status == 301',
      });
      assert.equal(looked.state, 'up');
    });

    it('reads what is compressed', async () => {
      const { state } = await probe({
        type: 'http',
        url: `${address}/big.txt`,
        up: 'text.size() == 100000 && headers["content-encoding"] == "gzip"',
      });
      assert.equal(state, 'up');
    });
  });

  describe('at a server', () => {
    const answers: [string, Answerer, Record<string, unknown>, CheckState, RegExp][] = [
      [
        'that redirects for ever',
        (_, response) => response.writeHead(302, { location: '/again' }).end(),
        {},
        'down',
        /more than 5 redirects, the last to .*\/again$/,
      ],
      [
        'that redirects to a file',
        (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
        {},
        'down',
        /redirects to file:\/\/\/etc\/passwd, which is no web address/,
      ],
      ['whose body never ends', endless, { up: 'text.size() == 1048576' }, 'up', /^$/],
      ['whose body is a compressed bomb', bomb, { up: 'text.size() == 1048576' }, 'up', /^$/],
      [
        'whose compression is broken',
        (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
        {},
        'down',
        /compressed, and broken/,
      ],
      ['that drips', drip, { timeout: '500ms' }, 'down', /no answer within 500 ms$/],
      ['that says nothing', () => undefined, { timeout: '500ms' }, 'down', /no answer within 500 ms$/],
      ['that hangs up', request => request.socket.destroy(), {}, 'down', /the connection was cut$/],
    ];
    for (const [what, answer, entry, wanted, message] of answers) {
      it(`${what}: is ${wanted}`, async () => {
        await using server = await startServer(answer);
        const found = await probe({ type: 'http', url: server.address, ...entry });
        assert.equal(found.state, wanted, found.message);
        assert.match(found.message, message);
      });
    }

    it('sends what it is told to, and no credentials to others', async () => {
      const seen: string[] = [];
      await using other = await startServer((request, response) => {
        seen.push(`${request.method} ${request.headers.authorization} ${String(request.headers['x-a'])}`);
        response.end('{}');
      });
      await using server = await startServer((request, response) => {
        request
          .setEncoding('utf8')
          .on('data', text => seen.push(`${request.method} ${request.headers['content-type']} ${text}`));
        request.on('end', () => response.writeHead(307, { location: other.address }).end());
      });
      const { state } = await probe({
        type: 'http',
        url: server.address,
        method: 'POST',
        body: { a: 1 },
        headers: { Authorization: 'Bearer x', 'X-A': 'b' },
      });
      assert.equal(state, 'up');
      assert.deepEqual(seen, ['POST application/json {"a":1}', 'POST undefined undefined']);
    });
  });

  it('is down where nobody listens, no such host is known, or the answer is not HTTP', async () => {
    const rows: [string, RegExp][] = [
      [`http://127.0.0.1:${await freePort()}/`, /connection refused$/],
      ['http://nowhere.invalid/', /no host of that name is known|names cannot be looked up now/],
    ];
    for (const [url, message] of rows) assert.match((await probe({ type: 'http', url })).message, message);
    await using plain = await startPlain(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    assert.match(
      (await probe({ type: 'http', url: `http://${plain.address}/` })).message,
      /the answer is not HTTP$/,
    );
    assert.match(
      (await probe({ type: 'http', url: `https://${plain.address}/` })).message,
      /the answer is not TLS$/,
    );
  });

  it('trusts no certificate that it does not know, unless it is told to', async () => {
    await using folder = await temporaryFolder('https');
    const certificate = await makeCertificate(folder.path);
    await using server = await startServer((_, response) => response.end('hello'), certificate);
    const look = (more: object) => probe({ type: 'http', url: server.address, ...more }, folder.path);
    const refused = await look({});
    assert.equal(refused.state, 'down');
    assert.match(refused.message, /its certificate is self-signed/);
    assert.equal((await look({ verify: false })).state, 'up');
    const trusted = await look({ ca: 'cert.pem', up: 'text == "hello" && tls > duration("0s")' });
    assert.deepEqual([trusted.state, trusted.message], ['up', '']);
    assert.match((await look({ ca: 'nope.pem' })).message, /nope\.pem cannot be read/);
    assert.match(
      (await look({ ca: 'cert.pem', servername: 'example.org' })).message,
      /its certificate is for another name$/,
    );
  });
});

async function startNginx(undo: AsyncDisposableStack, folder: string, port: number): Promise<void> {
  const root = join(folder, 'root');
  await mkdir(root);
  await writeFile(join(root, 'plain'), 'plain');
  await writeFile(join(root, 'big.txt'), 'a'.repeat(100_000));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log stderr;
events {}
http {
  access_log off; ${temporary.join(' ')} gzip on; gzip_types text/plain; default_type text/plain;
  server {
    listen 127.0.0.1:${port}; root ${root};
    location = / { return 200 ok; }
    location = /health { default_type application/json; return 200 '{"ok": true, "version": 3}'; }
    location = /moved { return 301 http://127.0.0.1:${port}/health; }
  }
}`,
  );
  const child = spawn(
    await provide(nginx),
    ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
    {
      stdio: 'ignore',
    },
  );
  undo.defer(async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
}

async function startPlain(answer: (socket: Socket) => void): Promise<{ address: string } & AsyncDisposable> {
  const server = createPlain(socket => answer(socket.on('error', () => undefined).resume()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise(resolve => server.close(() => resolve())),
  };
}
