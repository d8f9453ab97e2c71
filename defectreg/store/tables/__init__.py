"""Questions over large tables: SQL files, asked of DuckDB here or of Spark elsewhere."""
