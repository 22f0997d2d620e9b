/**
 * A stored field could not be opened, or there is no key to seal it with. Carries neither the data nor the key:
 * - `not_an_envelope`: the bytes are no envelope of a known scheme
 * - `key_missing`: the day of the envelope has no key
 * - `key_unusable`: KMS or the key's row gave no usable key
 * - `secret_missing`: the owner's secret is gone; what was sealed with it is gone as well
 * - `not_authentic`: wrong place, wrong owner or altered bytes
 */
export class FieldCipherError extends Error {
  override readonly name = 'FieldCipherError';
  readonly code: 'not_an_envelope' | 'key_missing' | 'key_unusable' | 'secret_missing' | 'not_authentic';

  constructor(code: FieldCipherError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
