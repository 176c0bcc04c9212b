/** What a station is put together from, and where a register can stand. */
import type { Kept } from '$lib/journal/kept';
import type { Api } from './api';
import type { Disk } from './disk';
import type { StartedChanges } from './later-changes';
import type { Clock, NewId } from './ports';
import type { SessionPhase } from './shop-session.svelte';
import type { Sounds } from './sounds';
import type { openSync } from './sync.svelte';
import type { Tabs } from './tabs';

/**
 * Where the register stands as a whole; only `ready` sells. `journal_failed`: sell on another till. `other_tab`: another
 * tab of this browser sells, this one reads. `storage_lost`: the server has more of this register's journal than this
 * browser, so its storage was cleared: it is enrolled anew before it sells.
 */
export type RegisterPhase = SessionPhase | 'journal_failed' | 'other_tab' | 'storage_lost';

export interface StationParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sounds: Sounds;
  readonly databaseName: string;
  readonly tabs: Tabs;
  /** Told once the database stands: what needs only that need not wait for the server. */
  readonly onKept?: (kept: Kept) => void;
  /** Told when this tab becomes the one that writes, and when it no longer is. */
  readonly onWriter?: (isWriter: boolean) => void;
  /** What changes at the server, told while somebody is signed in. */
  readonly changes: StartedChanges;
  /** Brings the journal to the server; loaded when it is needed. Left out: it is not sent. */
  readonly loadSync?: () => Promise<typeof openSync>;
  /** What the browser says of its disk; left out where it says nothing. */
  readonly disk?: Disk | undefined;
}
