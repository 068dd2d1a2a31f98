-- Events lie in the order in which they were written, with an index that finds a session's: the appends of a commit share
-- the pages at the table's end, where rows in the order of their keys gave each session pages, and page splits, of its own.

CREATE TABLE IF NOT EXISTS session_event_written (
  position   INTEGER PRIMARY KEY,
  tenant     TEXT    NOT NULL,
  session_id TEXT    NOT NULL,
  seq_from   INTEGER NOT NULL,
  seq_to     INTEGER NOT NULL,
  turn_id    TEXT    NOT NULL,
  kind       INTEGER NOT NULL,
  -- 1 while the history shows the event: a message or an answer that was not undone. Without an index of its own: a page
  -- of the history passes over the frames between its messages, however long the session is.
  listed     INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  payload    BLOB    NOT NULL
);

INSERT INTO session_event_written (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
SELECT tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload
FROM session_event ORDER BY tenant, session_id, seq_from;

DROP TABLE session_event;

ALTER TABLE session_event_written RENAME TO session_event;

CREATE UNIQUE INDEX session_event_by_seq ON session_event (tenant, session_id, seq_from);
