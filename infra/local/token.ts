import { Command, InvalidArgumentError, Option } from 'commander';
import { LAPTOP_CLIENT } from '#infra/constructs/issuers.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { issuerKeys } from './front/issuer.ts';
import { FORGERIES, type Forgery, mintToken } from './front/mint-token.ts';
import { runningStack } from './stack-file.ts';
import { DEVELOPER_FOLDER as folder } from './stack-folder.ts';

interface Wishes {
  readonly role: Role;
  readonly sub: string;
  readonly client: string;
  readonly careFor?: string[];
  readonly expiresIn?: number;
  readonly forge?: Forgery;
}

const program = new Command('token')
  .description('prints an access token for the running laptop stack, and nothing else')
  .addOption(new Option('--role <role>', 'what the caller is').choices(ROLES).makeOptionMandatory())
  .requiredOption('--sub <user>', 'who the caller is; for a patient the own user_id')
  .option('--client <id>', 'the application that asks', LAPTOP_CLIENT)
  .option('--care-for <user...>', 'user_ids that the caller cares for')
  .option('--expires-in <seconds>', 'lifetime; 900 by default', parseSeconds)
  .addOption(new Option('--forge <how>', 'what shall be wrong with it').choices(FORGERIES))
  .parse();

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isInteger(seconds)) throw new InvalidArgumentError('A whole number of seconds.');
  return seconds;
}

try {
  const { role, sub, client, careFor, expiresIn, forge } = program.opts<Wishes>();
  const { privateJwk } = await issuerKeys(folder);
  const signer = { issuer: runningStack(folder).issuer, privateJwk };
  const wishes = {
    role,
    subject: sub,
    clientId: client,
    ...(careFor && { careFor }),
    ...(expiresIn !== undefined && { expiresInSeconds: expiresIn }),
    ...(forge && { forge }),
  };
  console.log(await mintToken(signer, wishes, Date.now()));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
