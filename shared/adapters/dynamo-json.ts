import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './batch-get.ts';

/** One line of DynamoDB JSON, as its own export and import write it: bytes as Base64. */
export const dynamoJsonLine = (item: Item): string => dynamoJson({ Item: item });

/** The same of whatever holds items. */
export const dynamoJson = (value: object): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Uint8Array ? Buffer.from(inner).toString('base64') : inner,
  );

/** An item as a line tells it: Base64 as bytes. */
export const itemOfJson = (json: Readonly<Record<string, unknown>>): Item =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, attributeOf(value)]));

function attributeOf(json: unknown): AttributeValue {
  const [[type, value] = []] = Object.entries(Object(json));
  switch (type) {
    case 'B':
      return { B: bytesOf(value) };
    case 'BS':
      return { BS: [value].flat().map(bytesOf) };
    case 'L':
      return { L: [value].flat().map(attributeOf) };
    case 'M':
      return { M: itemOfJson(Object(value)) };
    default:
      // Every other type is the same in JSON as in the SDK.
      return json as AttributeValue;
  }
}

const bytesOf = (text: unknown): Uint8Array => Buffer.from(String(text), 'base64');
