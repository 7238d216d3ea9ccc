import { strict as assert } from 'node:assert';
import { HiddenSecrets } from '../../../agent/executors/hiddenSecrets';

describe('secrets hidden in text', () => {
  // Each is hidden in text that holds placeholders of those before it.
  const cases: Readonly<Record<string, readonly (readonly [name: string, value: string])[]>> = {
    'one is a word that stands in placeholders': [
      ['TOKEN', 'abcdefgh1234'],
      ['PW', 'secret'],
    ],
    'one is the beginning of placeholders': [
      ['TOKEN', 'abcdefgh1234'],
      ['PW', '__handrail_secret.'],
    ],
    'one is only that word': [['PW', 'handrail_secret']],
    'one is the name of another': [
      ['TOKEN', 'abcdefgh1234'],
      ['PW', 'TOKEN'],
    ],
    'one is within another': [
      ['TOKEN', 'my secret word'],
      ['PW', 'secret'],
    ],
  };
  for (const [what, secrets] of Object.entries(cases)) {
    it(`come back as they were where ${what}`, () => {
      const hidden = new HiddenSecrets();
      const text = `a ${secrets.map(([, value]) => value).join(' b ')} c`;
      let plain = text;
      let bytes = text;
      for (const secret of secrets) {
        hidden.protect(new Map([secret]));
        plain = hidden.hide(plain);
        bytes = hidden.hideBytes(bytes);
      }
      for (const kept of [plain, bytes, hidden.hide(plain), hidden.hideBytes(bytes)]) {
        const open = kept.replace(hidden.places(), '');
        assert.ok(!secrets.some(([, value]) => open.includes(value)), kept);
        assert.equal(hidden.reveal(kept), text);
      }
    });
  }

  it('are remembered when they have been replaced', () => {
    const hidden = new HiddenSecrets();
    hidden.protect(new Map([['A', 'first-one']]));
    hidden.protect(new Map([['A', 'second-one']]));
    assert.deepEqual(hidden.copy().ever, new Set(['first-one', 'second-one']));
  });
});
