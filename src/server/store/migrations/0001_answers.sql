-- Times are milliseconds since 1970. Ids are the 16 bytes of a UUID.

CREATE TABLE owners (
  id         INTEGER PRIMARY KEY,
  -- A person's name; an anonymous owner has none.
  name       TEXT UNIQUE,
  -- A PHC string (argon2id).
  password   TEXT,
  created_ms INTEGER NOT NULL,
  CHECK ((name IS NULL) = (password IS NULL))
) STRICT;

-- What a browser's cookie or a program's token stands for. Only the hash of either is kept.
CREATE TABLE sessions (
  token      BLOB PRIMARY KEY,
  owner      INTEGER NOT NULL REFERENCES owners ON DELETE CASCADE,
  -- 'browser' or 'program'
  kind       TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  used_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of ON sessions (owner);

CREATE TABLE conversations (
  id         BLOB PRIMARY KEY,
  owner      INTEGER NOT NULL REFERENCES owners ON DELETE CASCADE,
  title      TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  -- When something was last asked in it: the order in which they are listed.
  touched_ms INTEGER NOT NULL,
  -- Deleted, and only here for an undo.
  deleted_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX conversations_newest ON conversations (owner, touched_ms, id) WHERE deleted_ms IS NULL;

CREATE TABLE messages (
  -- The order in which they came.
  seq          INTEGER PRIMARY KEY,
  id           BLOB NOT NULL UNIQUE,
  conversation BLOB NOT NULL REFERENCES conversations ON DELETE CASCADE,
  parent       BLOB REFERENCES messages (id) ON DELETE CASCADE,
  created_ms   INTEGER NOT NULL
) STRICT;

CREATE INDEX messages_of ON messages (conversation, seq);
CREATE INDEX messages_below ON messages (parent);

-- What a user's message says.
CREATE TABLE parts (
  message BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  n       INTEGER NOT NULL,
  -- 'text' or 'image' (then the URL of a file)
  kind    TEXT NOT NULL,
  body    TEXT NOT NULL,
  PRIMARY KEY (message, n)
) STRICT;

-- A message with a row here is an answer, any other is a user's.
CREATE TABLE answers (
  id         BLOB PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  -- SHA-256 of the request that started it: tells a repeated start from another one.
  request    BLOB NOT NULL,
  provider   TEXT NOT NULL,
  model      TEXT NOT NULL,
  -- 'running', 'end', 'cancelled' or 'error'
  state      TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  -- When a piece of it was last saved.
  saved_ms   INTEGER NOT NULL,
  -- From here on: once it has ended.
  length     INTEGER,
  checksum   TEXT,
  first_ms   INTEGER,
  think_ms   INTEGER,
  total_ms   INTEGER,
  -- The terminal event's JSON.
  terminal   TEXT,
  CHECK ((state = 'running') = (terminal IS NULL))
) STRICT;

CREATE INDEX answers_running ON answers (state) WHERE state = 'running';

-- An answer's content in the pieces in which it was saved. Never rewritten, but cut at a stop.
CREATE TABLE pieces (
  answer BLOB NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
  -- The offset at which it begins.
  start  INTEGER NOT NULL,
  -- 'think', 'text' or 'image'
  kind   TEXT NOT NULL,
  -- The text, or an image event's JSON.
  body   TEXT NOT NULL,
  PRIMARY KEY (answer, start)
) STRICT;
