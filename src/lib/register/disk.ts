/** What the browser says of the disk that the journal stands on. */

/** The part of `navigator.storage` that is asked. */
export type Disk = Pick<StorageManager, 'persist' | 'estimate'>;

export interface DiskRoom {
  /** True: the browser promised not to clear it by itself. Null: it gave no answer. */
  readonly persisted: boolean | null;
  /** What the browser would still take, in bytes; null where it does not say. */
  readonly freeBytes: number | null;
}

/** Asks the browser to keep this site's storage, and how much room there is. Never fails. */
export async function askDisk(disk: Disk): Promise<DiskRoom> {
  const persisted = await disk.persist().catch(() => null);
  const room = await disk.estimate().catch(() => null);
  const free = (room?.quota ?? Number.NaN) - (room?.usage ?? Number.NaN);
  return { persisted, freeBytes: Number.isFinite(free) ? Math.max(0, free) : null };
}
