import type { Report } from './check-schedule.ts';
import type { ExpansionRequest } from './expansion-request.ts';

/** The members of a request, each once; the compiler sees to it that none is missing. */
const MEMBERS = {
  rule: true,
  time_zone: true,
  frequency: true,
  times: true,
  start_date: true,
  end_date: true,
  anchor_local: true,
  month_rule: true,
  by_day: true,
  zone_segments: true,
  travel_policy: true,
} as const satisfies Record<keyof ExpansionRequest, true>;

/** What a case of a file of vectors says about itself. It changes nothing, so that a case is sent as it stands. */
const ANNOTATIONS = /^(?:id|title|notes?|crosses|alternatives|expected_\w+)$/;

/** Members of a reminder's schedule, and what they are called here. */
const CALLED_HERE: Readonly<Record<string, string>> = {
  anchor: 'anchor_local',
  weekdays: 'by_day',
  timezone: 'time_zone',
  cycle: 'frequency, in words such as "21 on 7 off"',
};

/** A member that nobody reads would be a rule that silently does not hold. */
export function checkMembers(sent: object, report: Report): void {
  for (const name of unknownIn(sent, MEMBERS)) {
    const here = Object.hasOwn(CALLED_HERE, name) ? CALLED_HERE[name] : undefined;
    refuse(name, here ?? namesOf(MEMBERS), report);
  }
}

/** The same for a stay in another zone. @param at its path in the request */
export function checkStay(sent: object, at: string, report: Report): void {
  for (const name of unknownIn(sent, SEGMENT))
    refuse(name, namesOf(SEGMENT), (pointer, code, detail) => report(`${at}/${pointer}`, code, detail));
}

const SEGMENT = { from: true, time_zone: true } as const satisfies Record<
  keyof NonNullable<ExpansionRequest['zone_segments']>[number],
  true
>;

const unknownIn = (sent: object, members: object): readonly string[] =>
  Object.entries(sent).flatMap(([name, value]) =>
    value == null || Object.hasOwn(members, name) || ANNOTATIONS.test(name) ? [] : [name],
  );

const namesOf = (members: object): string => Object.keys(members).join(', ');

function refuse(name: string, advice: string, report: Report): void {
  const pointer = name.replaceAll('~', '~0').replaceAll('/', '~1');
  report(pointer, 'unknown_field', `There is no member ${JSON.stringify(name)}: use ${advice}.`);
}

/** A member that is `null` counts as left out, as it does in JSON of many writers. */
export function withoutNulls(sent: ExpansionRequest): ExpansionRequest {
  const { anchor_local, by_day, month_rule, rule, times, travel_policy, zone_segments, ...required } = sent;
  return {
    ...required,
    ...(anchor_local != null && { anchor_local }),
    ...(by_day != null && { by_day }),
    ...(month_rule != null && { month_rule }),
    ...(rule != null && { rule }),
    ...(times != null && { times }),
    ...(travel_policy != null && { travel_policy }),
    ...(zone_segments != null && { zone_segments }),
  };
}

/** The door takes JSON from anywhere, which may be of another shape than the types say. */
export function checkLists(request: ExpansionRequest, report: Report): void {
  const { by_day = [], times = [], zone_segments = [] } = request;
  for (const [member, list, type] of [
    ['times', times, 'string'],
    ['by_day', by_day, 'string'],
    ['zone_segments', zone_segments, 'object'],
  ] as const) {
    const isList = Array.isArray(list) && list.every((one) => typeof one === type && one !== null);
    if (!isList)
      report(member, 'list_not_valid', `Send a list of ${type === 'string' ? 'texts' : 'objects'}.`);
  }
}
