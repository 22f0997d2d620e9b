import { laptopClients } from '../laptop-clients.ts';
import { applyFixups } from './apply-fixups.ts';
import { readAssembly } from './assembly.ts';
import { deployStack, physicalIds } from './deploy-stack.ts';
import { withStackOutputs } from './stack-outputs.ts';
import { type Dropped, transformTemplate } from './transform.ts';
import { uploadAssets, uploadTemplate } from './upload-assets.ts';

export interface Deployment {
  /** Outputs of all stacks, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly dropped: readonly Dropped[];
  readonly fixups: number;
  /** Physical names by logical id, of all stacks. */
  readonly resources: ReadonlyMap<string, string>;
}

/** Brings every stack of a cloud assembly into the emulator, in order. What stands already is updated and keeps its contents. */
export async function deployAssembly(endpointUrl: string, assembly: string): Promise<Deployment> {
  const clients = laptopClients(endpointUrl);
  const stacks = readAssembly(assembly);
  await uploadAssets(
    clients,
    stacks.flatMap(({ assets }) => assets),
  );
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  const dropped: Dropped[] = [];
  const resources = new Map<string, string>();
  let fixups = 0;
  for (const stack of stacks) {
    const transformed = transformTemplate(withStackOutputs(stack.template, outputs));
    dropped.push(...transformed.dropped);
    const templateUrl = await uploadTemplate(clients, endpointUrl, stack.name, transformed.template);
    outputs.set(stack.name, await deployStack(clients.cloudFormation, stack.name, templateUrl));
    const ids = await physicalIds(clients.cloudFormation, stack.name);
    for (const [logicalId, id] of ids) resources.set(logicalId, id);
    fixups += (await applyFixups(clients, transformed.template, ids)).length;
  }
  return { outputs: Object.assign({}, ...outputs.values()), dropped, fixups, resources };
}
