/** How long the issuer may take to hand over its keys; the request waits meanwhile. */
const FETCH_TIMEOUT_MS = 2_000;

/** The part of aws-jwt-verify's fetcher that its cache uses. */
export interface JwksFetcher {
  fetch: (uri: string) => Promise<ArrayBuffer>;
}

/**
 * Fetches key sets with the platform's `fetch`: no redirects, a short timeout, one immediate second try.
 * (The library's own fetcher builds on `https.request`, which cannot reach an issuer on the laptop.)
 */
export const jwksFetcher = (platformFetch: typeof fetch = fetch): JwksFetcher => {
  const once = async (uri: string): Promise<ArrayBuffer> => {
    const answer = await platformFetch(uri, {
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      headers: { accept: 'application/json' },
    });
    if (!answer.ok) throw new Error(`The issuer's keys were answered with status ${answer.status}.`);
    return answer.arrayBuffer();
  };
  return { fetch: (uri) => once(uri).catch(() => once(uri)) };
};

/** Names of this machine itself. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * @throws Error when keys would come over an open line: anything but https, save for the laptop stage's own machine
 */
export function demandSafeJwksUri(uri: string, stage: string): void {
  const { protocol, hostname } = new URL(uri);
  if (protocol === 'https:') return;
  if (protocol === 'http:' && stage === 'local' && LOOPBACK.includes(hostname)) return;
  throw new Error('Keys of an issuer are fetched over https only; check ISSUERS.');
}
