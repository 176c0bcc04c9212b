/** What a cashier did whom the server did not know to be there: named by PIN at the register alone, or not at all. */
export const namedOfflineStatements: readonly string[] = [
  `ALTER TABLE orders ADD COLUMN named_offline INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE tenders ADD COLUMN named_offline TEXT CHECK (named_offline IN ('pin', 'last'))`
];
