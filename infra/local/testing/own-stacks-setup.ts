import type { TestProject } from 'vitest/node';
import { runFolder } from './run-folder.ts';

/** Vitest calls this once before all files that bring up stacks of their own: they only need a place for them. */
export default function ownStacksSetup(project: TestProject): void {
  project.provide('laptopFolder', runFolder(project.name).root);
}
