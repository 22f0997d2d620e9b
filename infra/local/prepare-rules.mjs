// The decisions of prepare.mjs, without the machine.

/**
 * Names of the packages that the lock file asks for and that are not installed in that version. Optional ones are
 * left out: npm leaves them out itself where they do not fit the machine.
 * @param {{ packages: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} lock package-lock.json
 * @param {{ packages: Record<string, { version?: string }> } | undefined} installed node_modules/.package-lock.json
 * @returns {string[]}
 */
export const packagesToInstall = (lock, installed) =>
  Object.entries(lock.packages)
    .filter(([path, wanted]) => path !== '' && !wanted.optional && !wanted.link)
    .filter(([path, wanted]) => installed?.packages[path]?.version !== wanted.version)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));

/**
 * @param {string | undefined} version what `python --version` says
 * @returns {boolean} whether the laptop's AWS runs on it (3.10 or newer)
 */
export function pythonIsNewEnough(version) {
  const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 10);
}

/**
 * @param {string} requirements text of a requirements file
 * @param {string} name
 * @returns {string | undefined} the version that it pins
 */
export const pinnedVersion = (requirements, name) =>
  requirements
    .split('\n')
    .find((line) => line.startsWith(`${name}==`))
    ?.slice(name.length + 2)
    .trim();
