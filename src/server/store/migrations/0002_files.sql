-- Images, from answers and from uploads. Their content is a file that is named by its SHA-256; a row
-- says whose it is.

CREATE TABLE files (
  owner      INTEGER NOT NULL REFERENCES owners ON DELETE CASCADE,
  hash       BLOB NOT NULL,
  -- 'png', 'jpeg', 'gif' or 'webp'
  format     TEXT NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (owner, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX files_by_hash ON files (hash);
