-- open_session --
-- A visit begins.
INSERT INTO sessions DEFAULT VALUES RETURNING id;

-- note_clock --
-- What the device's clock showed, before it was set.
UPDATE sessions SET clock_digits = ?, clock_read_at = ?, clock_read_up = ? WHERE id = ?;

-- note_clock_set --
-- The hub has set the device's clock.
UPDATE sessions SET clock_was_set = 1 WHERE id = ?;

-- end_session --
-- The visit is over: what it brought can be interpreted as a whole.
UPDATE sessions SET ended = 1 WHERE id = ?;

-- last_session --
-- The newest visit that there is.
SELECT coalesce(max(id), 0) FROM sessions;

-- end_sessions_before --
-- At start: whatever was open ended with the process before.
UPDATE sessions SET ended = 1 WHERE ended = 0 AND id <= ?;

-- keep_frame --
-- Persist a frame.
INSERT INTO frames (session, device, profile, characteristic, data, captured_at, captured_up, boot,
                    clock_trusted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- waiting_frames --
-- Frames to interpret, oldest first, with what is known of their visit.
SELECT f.id, f.session, f.device, f.profile, f.characteristic, f.data, f.captured_at, f.captured_up,
       f.boot, f.clock_trusted, s.clock_digits, s.clock_read_at, s.clock_read_up,
       coalesce(s.clock_was_set, 0), coalesce(s.ended, 1), n.value
FROM frames AS f
LEFT JOIN sessions AS s ON s.id = f.session
LEFT JOIN notes AS n ON n.name = 'clock_replaced:' || f.device
WHERE f.error IS NULL AND f.id > ?
ORDER BY f.id
LIMIT ?;

-- drop_frame --
-- It has become a reading, or part of one, or was none.
DELETE FROM frames WHERE id = ?;

-- refuse_frame --
-- It cannot be decoded: keep it for a person, with the reason.
UPDATE frames SET error = ? WHERE id = ?;

-- count_frames --
-- How many wait, how many cannot be decoded.
SELECT (SELECT count(*) FROM frames WHERE error IS NULL),
       (SELECT count(*) FROM frames WHERE error IS NOT NULL);

-- trim_undecodable --
-- Keep the newest undecodable frames only.
DELETE FROM frames WHERE error IS NOT NULL AND id <= (
    SELECT id FROM frames WHERE error IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET ?
);

-- trim_sessions --
-- Visits with nothing left to interpret.
DELETE FROM sessions
WHERE ended = 1 AND NOT EXISTS (SELECT 1 FROM frames WHERE frames.session = sessions.id);

-- has_reading --
-- Is it there already?
SELECT 1 FROM readings WHERE id = ?;

-- next_seq --
-- One number further, in the transaction that uses it: so there are no gaps and no reuse.
UPDATE counter SET last_seq = last_seq + 1 RETURNING last_seq;

-- last_seq --
-- The highest number given out.
SELECT last_seq FROM counter;

-- set_last_seq --
-- After a damaged file was set aside.
UPDATE counter SET last_seq = max(last_seq, ?);

-- add_reading --
-- Its bytes are frozen from here on.
INSERT INTO readings (seq, id, body, made_at) VALUES (?, ?, ?, ?);

-- pending_from --
-- Readings without a receipt, oldest first.
SELECT seq, id, body, made_at FROM readings
WHERE receipted_at IS NULL AND seq > ? ORDER BY seq LIMIT ?;

-- pending_newest --
-- Readings without a receipt, newest first.
SELECT seq, id, body, made_at FROM readings
WHERE receipted_at IS NULL ORDER BY seq DESC LIMIT ?;

-- pending_among --
-- Those of these numbers (a JSON list) that have no receipt, oldest first.
SELECT seq, id, body, made_at FROM readings
WHERE receipted_at IS NULL AND seq IN (SELECT value FROM json_each(?)) ORDER BY seq;

-- queue_depth --
-- How many have no receipt.
SELECT count(*) FROM readings WHERE receipted_at IS NULL;

-- receipt --
-- The clinic has answered for this one.
UPDATE readings SET state = ?, reason = ?, receipted_at = ?
WHERE id = ? AND receipted_at IS NULL;

-- resend_from --
-- The clinic asks for everything from this number on.
UPDATE readings SET state = 'pending', reason = NULL, receipted_at = NULL
WHERE seq >= ? AND receipted_at IS NOT NULL;

-- resend_one --
-- The clinic asks for one reading again.
UPDATE readings SET state = 'pending', reason = NULL, receipted_at = NULL
WHERE id = ? AND receipted_at IS NOT NULL;

-- forget_older --
-- Receipted long ago.
DELETE FROM readings WHERE seq IN (
    SELECT seq FROM readings WHERE receipted_at IS NOT NULL AND receipted_at < ?
    ORDER BY receipted_at LIMIT ?
);

-- forget_oldest --
-- Receipted, and the room is needed.
DELETE FROM readings WHERE seq IN (
    SELECT seq FROM readings WHERE receipted_at IS NOT NULL ORDER BY receipted_at LIMIT ?
);

-- count_states --
-- How many readings are in which state.
SELECT state, count(*) FROM readings GROUP BY state;

-- newest_made_at --
-- When the latest reading was made.
SELECT max(made_at) FROM (SELECT made_at FROM readings ORDER BY seq DESC LIMIT 1);

-- forget_known --
-- The clinic's list replaces the one before.
UPDATE devices SET known = 0, profile = '', passkey = NULL;

-- know_device --
-- A device of this home.
INSERT INTO devices (address, known, profile, passkey) VALUES (?, 1, ?, ?)
ON CONFLICT (address) DO UPDATE
SET known = 1, profile = excluded.profile, passkey = excluded.passkey;

-- all_devices --
-- All that was ever known or seen.
SELECT address, known, profile, passkey, last_sequence, last_record, last_seen, battery, drift_s,
       information, bond, trouble
FROM devices ORDER BY last_seen DESC;

-- note_device --
-- What a visit found.
INSERT INTO devices (address, last_sequence, last_record, last_seen, battery, drift_s, information,
                     bond, trouble)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (address) DO UPDATE
SET last_sequence = excluded.last_sequence, last_record = excluded.last_record,
    last_seen = excluded.last_seen, battery = excluded.battery, drift_s = excluded.drift_s,
    information = excluded.information, bond = excluded.bond, trouble = excluded.trouble;

-- trim_devices --
-- Strangers that passed by: keep those seen last.
DELETE FROM devices WHERE known = 0 AND address NOT IN (
    SELECT address FROM devices WHERE known = 0 ORDER BY last_seen DESC LIMIT ?
);

-- note --
-- Something to remember over a restart.
INSERT INTO notes (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- read_note --
-- Remembered over a restart.
SELECT value FROM notes WHERE name = ?;
