import * as assert from 'node:assert/strict';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { makeCertificate } from '../../../support/certificate';
import { freePort } from '../../../support/freePort';
import { startServer } from '../../../support/loopbackServer';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { probe } from './probing';

describe('a check of type grpc', () => {
  const rows: [string, object, string, string][] = [
    ['the whole server is well', {}, 'up', ''],
    ['a service is well', { service: 'shop.v1.Orders' }, 'up', ''],
    ['a service is not', { service: 'shop.v1.Stock' }, 'down', 'status was "NOT_SERVING", wanted "SERVING"'],
    [
      'a service is not known',
      { service: 'shop.v1.Nope' },
      'down',
      'status was "SERVICE_UNKNOWN", wanted "SERVING"',
    ],
  ];
  for (const [what, entry, state, message] of rows) {
    it(`is ${state} where ${what}`, async () => {
      await using server = await startGrpc();
      const found = await probe({ type: 'grpc', address: server.address, ...entry });
      assert.deepEqual([found.state, found.message], [state, message]);
    });
  }

  it('is down where the server tells nothing of its health', async () => {
    await using server = await startGrpc({ tells: false });
    const found = await probe({ type: 'grpc', address: server.address });
    assert.deepEqual([found.state, found.values['code']], ['down', 12]);
  });

  it('speaks over TLS', async () => {
    await using folder = await temporaryFolder('grpc');
    const { key, cert } = await makeCertificate(folder.path);
    const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) };
    await using server = await startGrpc({ credentials: ServerCredentials.createSsl(null, [pair]) });
    const look = (more: object) =>
      probe({ type: 'grpc', address: server.address, tls: true, ...more }, folder.path);
    assert.equal((await look({ ca: 'cert.pem' })).state, 'up');
    assert.match((await look({})).message, /its certificate is self-signed/);
  });

  it('is down where nobody listens, or the answer is not gRPC', async () => {
    const nobody = await probe({ type: 'grpc', address: `127.0.0.1:${await freePort()}` });
    assert.match(nobody.message, /connection refused$/);
    await using web = await startServer((_, response) => response.end('hello'));
    const other = await probe({ type: 'grpc', address: new URL(web.address).host });
    assert.equal(other.state, 'down');
    assert.match(other.message, /the answer is not HTTP\/2$|connection was cut$/);
  });
});

interface Request {
  readonly service: string;
}

const states: Record<string, number> = { '': 1, 'shop.v1.Orders': 1, 'shop.v1.Stock': 2 };

/** A server that tells of its health, with the library that others use. */
async function startGrpc({ tells = true, credentials = ServerCredentials.createInsecure() } = {}): Promise<
  { address: string } & AsyncDisposable
> {
  const server = new Server();
  if (tells) {
    server.addService(
      {
        Check: {
          path: '/grpc.health.v1.Health/Check',
          requestStream: false,
          responseStream: false,
          requestSerialize: ({ service }: Request) => Buffer.from(service),
          requestDeserialize: (bytes: Buffer) => ({ service: bytes.subarray(2).toString() }),
          responseSerialize: (state: number) => Buffer.from([0x08, state]),
          responseDeserialize: (bytes: Buffer) => bytes[1] ?? 0,
        },
      },
      {
        Check({ request }: ServerUnaryCall<Request, number>, answer: sendUnaryData<number>) {
          const state = states[request.service];
          if (state === undefined) answer({ code: status.NOT_FOUND, details: 'unknown service' });
          else answer(null, state);
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => Promise.resolve(server.forceShutdown()),
  };
}
