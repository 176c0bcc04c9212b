import type { Journal } from '$lib/journal/journal';

/** The same journal, which says when something was appended. */
export function toldJournal(journal: Journal, onAppended: () => void): Journal {
  return {
    ...journal,
    async append(drafts, options) {
      const appended = await journal.append(drafts, options);
      if (appended.ok) onAppended();
      return appended;
    }
  };
}
