import type { Json, JsonObject } from '#shared/jobs/ports.ts';

/** What someone who looks at the widget asks for. Whatever changes something, or is not for everybody, needs `token`. */
export type Ask =
  | { readonly do: 'show' | 'describe' }
  | { readonly do: 'retry' | 'cancel' | 'audit'; readonly jobId: string }
  | { readonly do: 'count'; readonly filter: ReasonFilter }
  | { readonly do: 'start'; readonly filter: ReasonFilter; readonly rate: number; readonly key: string }
  | { readonly do: 'progress' | 'abort'; readonly bulkId: string };

/** All failed jobs of one kind with one reason, as far as they were made before the look at them. */
export interface ReasonFilter {
  readonly kind: string;
  readonly error_code: string;
  readonly status: 'failed';
  readonly to: string;
}

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const NAME = /^[a-z][a-z0-9_-]{0,63}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
/** A JWT in its compact form, with room for the longest that the API takes. */
const TOKEN = /^[\w-]{1,4096}\.[\w-]{1,8192}\.[\w-]{1,2048}$/;

/**
 * Reads what the dashboard hands over: what stands in the pressed button beside `widgetContext`.
 * @returns `undefined` for what no button of this widget asks
 */
export function readAsk(event: Json): Ask | undefined {
  if (!isObject(event)) return undefined;
  if (event['describe'] === true) return { do: 'describe' };
  const asked = event['do'] ?? 'show';
  switch (asked) {
    case 'show':
      return { do: asked };
    case 'retry':
    case 'cancel':
    case 'audit': {
      const jobId = matching(event['job'], ULID);
      return jobId === undefined ? undefined : { do: asked, jobId };
    }
    case 'count':
    case 'start':
      return readBulk(event, asked);
    case 'progress':
    case 'abort': {
      const bulkId = matching(event['bulk'], ULID);
      return bulkId === undefined ? undefined : { do: asked, bulkId };
    }
    default:
      return undefined;
  }
}

function readBulk(event: JsonObject, asked: 'count' | 'start'): Ask | undefined {
  const kind = matching(event['kind'], NAME);
  const to = matching(event['to'], INSTANT);
  const code = matching(event['code'], NAME);
  // Without a reason it would be every failed job of the kind.
  if (kind === undefined || to === undefined || code === undefined) return undefined;
  const filter = { kind, status: 'failed', to, error_code: code } as const;
  if (asked === 'count') return { do: asked, filter };
  const { rate } = event;
  const key = matching(event['key'], ULID);
  return typeof rate === 'number' && key !== undefined ? { do: asked, filter, rate, key } : undefined;
}

/** The token in the widget's form, without the `Bearer` that is often pasted along; nothing when there is none. */
export function readToken(event: Json): string | undefined {
  const context = isObject(event) ? event['widgetContext'] : undefined;
  const forms = isObject(context) ? context['forms'] : undefined;
  const all = isObject(forms) ? forms['all'] : undefined;
  const pasted = isObject(all) ? all['token'] : undefined;
  return typeof pasted === 'string' ? matching(pasted.trim().replace(/^Bearer\s+/i, ''), TOKEN) : undefined;
}

const matching = (value: Json | undefined, form: RegExp): string | undefined =>
  typeof value === 'string' && form.test(value) ? value : undefined;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
