import { expect, test } from 'vitest';
import { markdownToHtml } from './markdown.ts';

test('links and emphasis become HTML', () => {
  expect(markdownToHtml('**tick** [logs](https://aws.example/#a)')).toBe(
    '<p><strong>tick</strong> <a href="https://aws.example/#a">logs</a></p>\n',
  );
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](https://a.example/" onclick="alert(1))',
])('%s runs nothing', (source) => {
  const html = markdownToHtml(source);
  expect(html).not.toMatch(/<(?!\/?(p|a|strong)\b)/);
  expect(html).not.toMatch(/(href="(javascript|data):|<[^>]* on\w+=)/);
});
