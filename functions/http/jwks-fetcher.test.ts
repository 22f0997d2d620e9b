import { describe, expect, it } from 'vitest';
import { jwksFetcher } from './jwks-fetcher.ts';

function fetchAnswering(...answers: (Response | Error)[]) {
  const asked: { uri: string; init: RequestInit | undefined }[] = [];
  const platformFetch: typeof fetch = async (uri, init) => {
    asked.push({ uri: String(uri), init });
    const answer = answers.shift() ?? new Error('no more answers');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, fetcher: jwksFetcher(platformFetch) };
}

const text = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);

describe('jwksFetcher', () => {
  it('hands over the key set, follows no redirect and does not wait for ever', async () => {
    const { asked, fetcher } = fetchAnswering(new Response('{"keys":[]}'));
    expect(text(await fetcher.fetch('https://issuer.example/keys'))).toBe('{"keys":[]}');
    expect(asked).toMatchObject([{ uri: 'https://issuer.example/keys', init: { redirect: 'error' } }]);
    expect(asked[0]?.init?.signal).toBeInstanceOf(AbortSignal);
  });

  it('tries a second time at once, and no third time', async () => {
    const away = new Error('connection reset');
    const recovered = fetchAnswering(away, new Response('fine'));
    expect(text(await recovered.fetcher.fetch('https://x'))).toBe('fine');
    const gone = fetchAnswering(away, new Response('', { status: 503 }), new Response('late'));
    await expect(gone.fetcher.fetch('https://x')).rejects.toThrow('503');
    expect(gone.asked).toHaveLength(2);
  });
});
