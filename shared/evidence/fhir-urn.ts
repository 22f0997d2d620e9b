import { createHash } from 'node:crypto';

/**
 * The `fullUrl` of a resource that lies at no address: of the forms that FHIR allows, a UUID. It follows from the name
 * (RFC 9562, version 8, of its SHA-256), so the same thing has the same one in each bundle.
 * @param name unique among all things of all patients
 */
export function fhirUrn(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
