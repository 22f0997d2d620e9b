import { expect, test } from 'vitest';
import { dynamoJsonLine } from './dynamo-json.ts';

test('a line is DynamoDB JSON with bytes as Base64, as the service’s own export writes it', () => {
  const line = dynamoJsonLine({
    pk: { S: 'JOB#1' },
    count: { N: '3' },
    body: { B: new Uint8Array([1, 2, 255]) },
    list: { L: [{ M: { inner: { B: new Uint8Array([0]) } } }] },
  });
  expect(line).toBe(
    '{"Item":{"pk":{"S":"JOB#1"},"count":{"N":"3"},"body":{"B":"AQL/"},"list":{"L":[{"M":{"inner":{"B":"AA=="}}}]}}}',
  );
});
