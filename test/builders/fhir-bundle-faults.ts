import { fhirFaults } from './fhir-faults.ts';

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string };
}

/** Of each element of ours that refers, the type that FHIR R4 lets it refer to. */
const TARGETS: Readonly<Record<string, string>> = {
  subject: 'Patient',
  for: 'Patient',
  request: 'MedicationRequest',
};

/** What is wrong with a Bundle of resources that are complete in themselves: each of them, their addresses, and what they refer to. */
export function bundleFaults(bundle: object): readonly string[] {
  const entries: readonly Entry[] = JSON.parse(JSON.stringify(bundle)).entry ?? [];
  const types = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, resource.resourceType]));
  const names = new Set(entries.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  return [
    ...fhirFaults(bundle),
    ...(types.size === entries.length ? [] : ['Two entries have the same fullUrl.']),
    ...(names.size === entries.length ? [] : ['Two resources of one type have the same id.']),
    ...entries.flatMap(({ fullUrl, resource }) => [
      ...(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(fullUrl)
        ? []
        : [`${fullUrl} is no UUID.`]),
      ...referenceFaults(resource, types),
    ]),
  ];
}

interface Reference {
  readonly reference?: string;
  readonly type?: string;
  readonly identifier?: { readonly system?: string; readonly value?: string };
}

/** A reference leads to an entry of the right type, or says by an identifier what lies elsewhere. */
const referenceFaults = (
  resource: Entry['resource'],
  types: ReadonlyMap<string, string>,
): readonly string[] =>
  Object.entries<unknown>(resource).flatMap(([name, value]) => {
    const target = TARGETS[name];
    if (target === undefined)
      return JSON.stringify(value).includes('"reference":') ? [`${name} refers to something.`] : [];
    const at = `${resource.resourceType}/${resource.id}.${name}`;
    const { reference, type, identifier }: Reference = Object(value);
    if (type !== undefined && type !== target) return [`${at}: it is of type ${type}.`];
    if (reference !== undefined)
      return types.get(reference) === target ? [] : [`${at}: no ${target} lies at ${reference}.`];
    return type && identifier?.system && identifier.value ? [] : [`${at}: it says nothing.`];
  });
