/** A refund that the wallet did not carry out and that was paid out of a drawer instead: which drawer, by whom, on which day. */
export const refundInCashStatements: readonly string[] = [
  ...[
    'cash_id TEXT',
    'cash_at_ms INTEGER',
    'cash_day TEXT',
    'cash_register_id TEXT',
    'cash_staff_id TEXT',
    'cash_by TEXT'
  ].map((column) => `ALTER TABLE refunds ADD COLUMN ${column}`),
  `CREATE UNIQUE INDEX refunds_by_cash_id ON refunds (cash_id)`,
  `CREATE INDEX refunds_by_cash_day ON refunds (cash_day)`
];
