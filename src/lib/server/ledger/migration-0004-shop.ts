/** What keeping a catalogue takes: who set a price and why, what a manager still has to look at, and quick finding. */
import { sql, type Kysely } from 'kysely';
import { foldForSearch } from '$lib/catalogue/search';
import { runDdl } from './ddl';

const statements = [
  `ALTER TABLE price_versions ADD COLUMN set_by TEXT`,
  `ALTER TABLE price_versions ADD COLUMN set_why TEXT`,
  // Sold before anybody who knows the catalogue had looked at it.
  `ALTER TABLE products ADD COLUMN needs_tidying INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE products ADD COLUMN updated_at_ms INTEGER NOT NULL DEFAULT 0`,
  // The name as it is compared when somebody searches.
  `ALTER TABLE products ADD COLUMN search_text TEXT NOT NULL DEFAULT ''`,
  `CREATE INDEX products_by_search_text ON products (search_text)`,
  `CREATE INDEX products_by_position ON products (position)`,
  `CREATE INDEX products_to_tidy ON products (id) WHERE needs_tidying = 1`,
  `CREATE INDEX barcodes_by_product ON barcodes (product_id)`,
  // One row, there from the first change on: changed by everything that changes the catalogue, so that it also puts writers in line.
  `CREATE TABLE catalogue_state (id INTEGER PRIMARY KEY CHECK (id = 1), version TEXT NOT NULL) STRICT`,
  `CREATE INDEX events_by_subject ON events (subject, subject_id)`
];

export async function addShopColumns(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await runDdl(db, statement);
  const { rows } = await sql<{ id: string; name: string }>`SELECT id, name FROM products`.execute(db);
  for (const { id, name } of rows) {
    await sql`UPDATE products SET search_text = ${foldForSearch(name)} WHERE id = ${id}`.execute(db);
  }
}
