import type { JobPage } from './job-store-port.ts';

/** For whoever must miss none: an erasure, a copy. @throws Error when rows of the page cannot be read */
export function wholePage(page: JobPage): JobPage {
  if (page.unreadable) throw new Error(`Rows of ${page.unreadable} jobs of the user cannot be read.`);
  return page;
}
