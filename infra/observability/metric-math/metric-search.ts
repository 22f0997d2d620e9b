/** What a search asks for: every metric of one name that has exactly these dimensions, and some of their values. */
export interface MetricSearch {
  readonly namespace: string;
  readonly dimensionNames: readonly string[];
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
}

export interface ListedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const SEARCH = /^SEARCH\('\{"?([^",{}]+)"?((?:,\w+)*)\} ([^']*)', '(\w+)', (\d+)\)$/;
const TERM = /(\w+)="([^"]*)"/g;

/** Whether an expression is meant as a search, readable or not. */
export const isSearch = (expression: string): boolean => expression.startsWith('SEARCH(');

/**
 * Reads a search in the form that this project writes: a schema, and exact terms that must all hold.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @throws Error for every other form
 */
export function readSearch(expression: string): MetricSearch {
  const [, namespace = '', names = '', terms = '', statistic = '', period = ''] =
    SEARCH.exec(expression) ?? [];
  const { MetricName: metricName, ...dimensions } = Object.fromEntries(
    [...terms.matchAll(TERM)].map(([, name = '', value = '']) => [name, value]),
  );
  const dimensionNames = names.split(',').filter((name) => name !== '');
  const isRead =
    metricName !== undefined &&
    terms.replaceAll(TERM, '').trim() === '' &&
    Object.keys(dimensions).every((name) => dimensionNames.includes(name));
  if (!isRead) throw new Error(`Not evaluated: ${expression}`);
  return { namespace, dimensionNames, metricName, dimensions, statistic, periodSeconds: Number(period) };
}

/** Which of all metrics a search finds. */
export const foundBy = (search: MetricSearch, metrics: readonly ListedMetric[]): ListedMetric[] =>
  metrics.filter(
    ({ dimensions, name, namespace }) =>
      namespace === search.namespace &&
      name === search.metricName &&
      Object.keys(dimensions).sort().join() === [...search.dimensionNames].sort().join() &&
      Object.entries(search.dimensions).every(([key, value]) => dimensions[key] === value),
  );
