/** A pack of reference data that should be there is missing, damaged or not understood. No check may do as if it were not. */
export class ReferencePackError extends Error {
  override readonly name = 'ReferencePackError';
}
