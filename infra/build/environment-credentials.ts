// Takes the place of `@aws-sdk/credential-provider-node` in the bundles. Lambda always hands a function its credentials
// in the environment; the SDK's default chain would also carry SSO, web identity, profiles and processes, half of the
// import time of a cold start. `defaultProvider` is the one name that the clients import from it.

/** Credentials from the environment, as Lambda sets them; it replaces the whole environment before they expire. */
export const defaultProvider =
  () => async (): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }> => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (!accessKeyId || !secretAccessKey) throw new Error('The environment holds no AWS credentials.');
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  };
