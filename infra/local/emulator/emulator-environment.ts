import { delimiter, join } from 'node:path';
import { HOOKS_DIRECTORY_VARIABLE } from '../hooks/hook-files.ts';
import { PROJECT_ROOT, type StackFolder } from '../stack-folder.ts';

/**
 * The whole environment of the emulator, built from nothing: its functions inherit it, and a developer's own AWS
 * profile or Node options must not reach them.
 * @param path the developer's `PATH`
 */
export const emulatorEnvironment = (
  folder: StackFolder,
  port: number,
  path: string,
): Record<string, string> => ({
  // Functions run on the `node` found first: the project's Node 24.
  PATH: [join(PROJECT_ROOT, 'node_modules', '.bin'), path].join(delimiter),
  HOME: folder.temporary,
  TMPDIR: folder.temporary,
  PYTHONUNBUFFERED: '1',
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: LAPTOP_REGION,
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  // Parallel requests leave worker processes behind; the idle ones go after a minute.
  LAMBDA_WARM_TTL_SECONDS: '60',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  NODE_NO_WARNINGS: '1',
  S3_DATA_DIR: join(folder.state, 's3'),
  STATE_DIR: folder.state,
  [HOOKS_DIRECTORY_VARIABLE]: folder.hooks,
});

export const LAPTOP_REGION = 'us-east-1';
