/** Codes that a deployer chooses, of channels and of their failures: words of a wire, no text for people. */
export const CODE_PATTERN = '^[a-z][a-z0-9_-]{0,31}$';
