import assert from 'node:assert/strict';
import { soundsSecret } from '../../../../agent/runbook/substitute/soundsSecret';

describe('a placeholder', () => {
  const secret =
    'password db-password YOUR_API_KEY your-token-here TOKEN github-token secret client-secret apiKey accessToken ' +
    'aws_secret_access_key private-key db-pass passphrase the-password-goes-here pat';
  for (const name of secret.split(' '))
    it(`${name} sounds like a secret`, () => assert.ok(soundsSecret(name)));

  const other =
    'namespace password-file secret-name token-id key pod-name passenger compass monkey host public-key user value ' +
    'keyboard patch tokens-url your here';
  for (const name of other.split(' ')) it(`${name} does not`, () => assert.ok(!soundsSecret(name)));
});
