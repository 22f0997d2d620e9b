// One preparation at a time: two npm commands in a fresh checkout would install over each other.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const LOOK_AGAIN_MS = 200;
/** Longer than an installation over a slow line takes; after a restart the number of a process may be another's. */
const MOST_WAIT_MS = 15 * 60_000;

/**
 * Takes the lock, and waits for it while a living process holds it. It is given back when this process ends.
 * @param {string} file the lock; it holds the id of the process that has it
 * @param {(text: string) => void} say is told once that somebody else is at it
 * @throws {Error} that names the file, when it is not given back for a quarter of an hour
 */
export function takeLock(file, say) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  process.on('exit', () => rmSync(own, { force: true }));
  const until = Date.now() + MOST_WAIT_MS;
  let told = false;
  // A link is made with what it holds, or not at all: no lock stands without its owner.
  while (!made(() => linkSync(own, file))) {
    const owner = ownerOf(file);
    if (owner !== undefined && !isAlive(owner)) removeDead(file, own, owner);
    else if (Date.now() > until)
      throw new Error(`Process ${owner} does not end its preparation. If there is none, remove ${file}.`);
    else {
      if (owner !== undefined && !told)
        say(`Another command (process ${owner}) prepares this checkout; waiting …`);
      told ||= owner !== undefined;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
    }
  }
  process.on('exit', () => {
    if (ownerOf(file) === process.pid) rmSync(file, { force: true });
  });
}

/** Whoever waits may find the dead one at the same time: what was moved away is looked at, and put back if it lives. */
function removeDead(file, own, dead) {
  const moved = `${own}.dead`;
  if (!made(() => renameSync(file, moved))) return;
  if (ownerOf(moved) !== dead) made(() => linkSync(moved, file));
  rmSync(moved, { force: true });
}

/** False when the file is, or is no longer, there. */
function made(change) {
  try {
    change();
    return true;
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
    throw error;
  }
}

/** @returns {number | undefined} `undefined` when nobody holds it any more */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and is another user's.
    return error.code === 'EPERM';
  }
}
