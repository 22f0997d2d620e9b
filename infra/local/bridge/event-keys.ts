interface LoggedEvent {
  readonly logStreamName?: string | undefined;
  readonly timestamp?: number | undefined;
}

/**
 * A name for each event, the same whenever the events of its moment are read again: the emulator gives them no ids, and
 * two lines of one moment may be equal. They have to be in the order in which their stream has them, all of a moment.
 */
export function eventKeys(events: readonly LoggedEvent[]): string[] {
  const counts = new Map<string, number>();
  return events.map(({ logStreamName, timestamp }) => {
    const moment = `${logStreamName} ${timestamp}`;
    const count = counts.get(moment) ?? 0;
    counts.set(moment, count + 1);
    return `${moment} ${count}`;
  });
}
