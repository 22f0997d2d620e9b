import { readFileSync } from 'node:fs';
import { LAPTOP_CLIENT } from '#infra/constructs/issuers.ts';
import { issuerKeys } from '#infra/local/front/issuer.ts';
import { mintToken } from '#infra/local/front/mint-token.ts';
import { runningStack } from '#infra/local/stack-file.ts';
import type { StackFolder } from '#infra/local/stack-folder.ts';
import { OUTPUTS } from '#infra/outputs.ts';
import { stackOutputs } from '#infra/smoke/stack-outputs.ts';
import { API_PREFIX } from '#shared/contract/routes.ts';
import { type OpsApi, opsApi } from './ops-api.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface PlaceWishes {
  readonly stage?: string;
  readonly apiUrl?: string;
  readonly tokenFile?: string;
}

/**
 * The API that is meant, in the name of whose token is given: of an address, of a stage in AWS, else of the running laptop
 * stack, which gives its own operator or admin a token.
 * @throws Error that says what is missing; it never holds a token
 */
export async function apiOf(
  wishes: PlaceWishes,
  environment: Environment,
  laptop: StackFolder,
  role: 'operator' | 'admin' = 'operator',
): Promise<OpsApi> {
  const given = tokenIn(wishes, environment);
  const address = await addressOf(wishes, environment);
  if (address === undefined)
    return opsApi(runningStack(laptop).apiUrl, given ?? (await laptopToken(laptop, role)));
  if (given === undefined)
    throw new Error(
      `Set OPS_TOKEN to a token with the role ${role === 'admin' ? 'auditor or admin' : 'operator or admin'}, or name a file by --token-file.`,
    );
  return opsApi(`${address.replace(/\/$/, '').replace(API_PREFIX, '')}${API_PREFIX}`, given);
}

function tokenIn({ tokenFile }: PlaceWishes, environment: Environment): string | undefined {
  const text = tokenFile === undefined ? environment['OPS_TOKEN'] : readFileSync(tokenFile, 'utf8');
  const token = text?.trim();
  if (token === undefined || token === '') return undefined;
  // What is no token is not put into a header, whose error would quote it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new Error('What was given as token is none: it has spaces or other signs in it.');
}

async function addressOf(
  { stage, apiUrl }: PlaceWishes,
  environment: Environment,
): Promise<string | undefined> {
  const given = apiUrl ?? (stage === undefined ? environment['OPS_API_URL'] : undefined);
  if (given !== undefined && given !== '') {
    if (URL.canParse(given)) return given;
    throw new Error('The address of the API has to be a URL.');
  }
  if (stage === undefined) return undefined;
  const url = (await stackOutputs(stage)).get(OUTPUTS.apiUrl);
  if (url === undefined)
    throw new Error(`Stage ${stage} tells no address of its API: deploy this version first.`);
  return url;
}

async function laptopToken(laptop: StackFolder, role: 'operator' | 'admin'): Promise<string> {
  const { privateJwk } = await issuerKeys(laptop);
  const signer = { issuer: runningStack(laptop).issuer, privateJwk };
  return mintToken(signer, { role, subject: 'ops', clientId: LAPTOP_CLIENT }, Date.now());
}
