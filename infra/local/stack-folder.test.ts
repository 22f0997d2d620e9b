import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runningStack } from './stack-file.ts';
import { givenStackFolder } from './stack-folder.ts';

function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'checkout-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.local'));
  return root;
}

it.each(['', '.local'])('the stack of a checkout is found by its root and by its own folder: %s', (given) => {
  const root = checkout();
  writeFileSync(join(root, '.local', 'stack.json'), '{}');
  expect(givenStackFolder(join(root, given)).root).toBe(join(root, '.local'));
  expect(givenStackFolder(relative(process.cwd(), join(root, given))).root).toBe(join(root, '.local'));
});

it('a stack in a folder of its own is found although other stacks keep theirs below it', () => {
  const root = checkout();
  writeFileSync(join(root, 'stack.json'), '{}');
  expect(givenStackFolder(root).root).toBe(root);
});

it('a checkout in which no stack runs is told by the folder in which it would', () => {
  const root = checkout();
  expect(() => runningStack(givenStackFolder(root))).toThrow(
    `No laptop stack is running in ${join(root, '.local')}.`,
  );
  expect(() => runningStack(givenStackFolder(join(root, 'nothing')))).toThrow(
    `No laptop stack is running in ${join(root, 'nothing')}.`,
  );
});
