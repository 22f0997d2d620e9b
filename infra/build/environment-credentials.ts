// Takes the place of `@aws-sdk/credential-provider-node` in the bundles. Lambda always hands a function its credentials
// in the environment; the SDK's default chain would also carry SSO, web identity, profiles and processes, half of the
// import time of a cold start. `defaultProvider` is the one name that the clients import from it.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
