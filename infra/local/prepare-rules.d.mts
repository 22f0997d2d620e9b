export function packagesToInstall(
  lock: { packages: Record<string, { version?: string; optional?: boolean; link?: boolean }> },
  installed: { packages: Record<string, { version?: string }> } | undefined,
): string[];
export function pythonIsNewEnough(version: string | undefined): boolean;
export function pinnedVersion(requirements: string, name: string): string | undefined;
