/** Field names that may be repeated to a caller; any other name is text of the caller and is left out. */
const PLAIN_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** RFC 6901 pointer to a field below `parent`, or `parent` itself when the name is nothing that may be repeated. */
export const pointerTo = (parent: string, name: string | number): string =>
  typeof name === 'number' || PLAIN_NAME.test(name) ? `${parent}/${name}` : parent;
