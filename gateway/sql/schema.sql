-- The hub's one database file. `PRAGMA user_version` is 1.

CREATE TABLE counter (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last_seq INTEGER NOT NULL
);
INSERT INTO counter (one, last_seq) VALUES (1, 0);

-- A visit to a device (or a day of listening to one that only advertises).
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    clock_digits TEXT,
    clock_read_at TEXT,
    clock_read_up REAL,
    clock_was_set INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0
);

-- Raw frames, written before the device may forget them; gone once they are a reading.
-- AUTOINCREMENT: a number that is used again would make two frames look like one.
CREATE TABLE frames (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session INTEGER NOT NULL,
    device TEXT NOT NULL,
    profile TEXT NOT NULL,
    characteristic TEXT NOT NULL,
    data BLOB NOT NULL,
    captured_at TEXT NOT NULL,
    captured_up REAL NOT NULL,
    boot TEXT NOT NULL,
    clock_trusted INTEGER NOT NULL,
    error TEXT
);
CREATE INDEX frames_waiting ON frames (id) WHERE error IS NULL;
CREATE INDEX frames_undecodable ON frames (id) WHERE error IS NOT NULL;

CREATE TABLE readings (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL,
    made_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'committed', 'quarantined', 'rejected')),
    reason TEXT,
    receipted_at REAL,
    CHECK ((state = 'pending') = (receipted_at IS NULL))
);
CREATE INDEX readings_pending ON readings (seq) WHERE receipted_at IS NULL;
CREATE INDEX readings_receipted ON readings (receipted_at) WHERE receipted_at IS NOT NULL;

-- What the clinic said, and what was seen, of each device.
CREATE TABLE devices (
    address TEXT PRIMARY KEY,
    known INTEGER NOT NULL DEFAULT 0,
    profile TEXT NOT NULL DEFAULT '',
    passkey TEXT,
    last_sequence INTEGER,
    last_record TEXT,
    last_seen TEXT,
    battery INTEGER,
    drift_s REAL,
    information TEXT,
    bond TEXT NOT NULL DEFAULT 'unknown',
    trouble TEXT
);

CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
