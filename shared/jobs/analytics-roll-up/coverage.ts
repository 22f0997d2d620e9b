import type { JsonObject } from '../ports.ts';
import { isPersonFamily } from './metrics-types.ts';
import type { Tallies } from './read-rows.ts';
import { recordId, type StoredTally } from './stored-tallies.ts';
import { HOUR_MS, type TimeWindow } from './time-window.ts';

/** Corrected records that are named; of more, only the number is told. */
const MOST_NAMED = 50;

/** What a roll-up's numbers come from. */
export class Coverage {
  #hours = 0;
  #hoursFromRecords = 0;
  #hoursExpired = 0;
  #rows = 0;
  #recordsUsed = 0;
  readonly #corrected: { readonly id: string; readonly revision: number }[] = [];

  /** Nothing of the window is known any more: its rows are gone, and no record was made of them in time. */
  get isIncomplete(): boolean {
    return this.#hoursExpired > 0;
  }

  fromRows(window: TimeWindow, tallies: Tallies): void {
    this.#hours += hoursOf(window);
    // As many rows as doses or checks would tell a number that is withheld.
    for (const [family, { rows }] of tallies) if (!isPersonFamily(family)) this.#rows += rows;
  }

  fromRecords(window: TimeWindow, used: readonly StoredTally[], wholly: boolean): void {
    if (wholly) {
      this.#hours += hoursOf(window);
      this.#hoursFromRecords += hoursOf(window);
    }
    this.#recordsUsed += used.length;
    for (const { unit, family, record } of used)
      if (record.state.revision > 1)
        this.#corrected.push({ id: recordId(unit, family), revision: record.state.revision });
  }

  expired(window: TimeWindow): void {
    this.#hours += hoursOf(window);
    this.#hoursExpired += hoursOf(window);
  }

  /** @param late rows of the answer that came late; `null`: withheld */
  toJson(late: number | null): JsonObject {
    return {
      hours: this.#hours,
      hours_from_records: this.#hoursFromRecords,
      hours_from_rows: this.#hours - this.#hoursFromRecords - this.#hoursExpired,
      hours_expired: this.#hoursExpired,
      rows_read: this.#rows,
      records_used: this.#recordsUsed,
      records_corrected: this.#corrected.length,
      corrections: this.#corrected.slice(0, MOST_NAMED),
      late_events: late,
    };
  }
}

const hoursOf = ({ startMs, endMs }: TimeWindow): number => (endMs - startMs) / HOUR_MS;
