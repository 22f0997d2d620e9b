import { refsOf } from '#shared/adapters/refs.ts';
import { createFakeHashes } from '#test/fakes/quiet.ts';
import { keyedHashesContract } from './keyed-hashes-contract.ts';

keyedHashesContract('fake', async () => createFakeHashes());
keyedHashesContract('HMAC', async () => refsOf(Buffer.alloc(32, 1)));
