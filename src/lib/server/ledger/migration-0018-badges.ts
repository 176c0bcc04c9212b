/** Badges of people: what stands on a card, as a keyed digest; one for each person. */
export const badgeStatements: readonly string[] = [
  `CREATE TABLE badges (staff_id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, made_at_ms INTEGER NOT NULL) STRICT`
];
