What should not be. Each answers a number; zero is well.

-- queue_age_s --
SELECT coalesce(extract(epoch FROM $1::timestamptz - min(enqueued_at)), 0)::float8 FROM evaluation_queue

-- overdue --
SELECT count(*) FROM due_times WHERE due_at < $1::timestamptz - $2::interval

-- unsent --
SELECT count(*) FROM notifications
WHERE state IN ('queued', 'sending') AND next_at < $1::timestamptz - $2::interval

-- failed --
SELECT count(*) FROM notifications
WHERE state = 'failed' AND ended_at > $1::timestamptz - INTERVAL '1 hour'

-- endless_snoozes --
-- A snooze with nothing that ends it.
SELECT count(*) FROM alerts a
WHERE a.state = 'snoozed' AND (a.snoozed_until < $1::timestamptz - $2::interval OR NOT EXISTS (
    SELECT FROM due_times d WHERE d.what = 'wake' AND d.subject = a.id
))

-- waiting_for_ever --
-- Waits for a repeat, and nothing will look again.
SELECT count(*) FROM alerts a
WHERE a.state = 'awaiting_repeat' AND a.updated_at < $1::timestamptz - $2::interval AND NOT EXISTS (
    SELECT FROM due_times d
    WHERE d.what = 'evaluate' AND d.subject = a.patient_id AND d.due_at > $1::timestamptz - $2::interval
)

-- untold --
-- Nobody has taken it on, its aim is long past, and no step of its ladder was ever taken or is due.
SELECT count(*) FROM alerts a
WHERE a.state IN ('open', 'escalated') AND a.acknowledge_by < $1::timestamptz - $2::interval
    AND NOT EXISTS (
        SELECT FROM escalations e WHERE e.alert_id = a.id AND e.generation = a.generation
    )
    AND NOT EXISTS (
        SELECT FROM due_times d WHERE d.what = 'escalate' AND d.subject = a.id
    )

-- unjudged --
-- Put off after a failure, more than once: alerts.evaluating.aside and alerts.telling.due.
SELECT count(*) FROM due_times WHERE attempts > 1 AND what IN ('evaluate', 'escalate', 'reopen', 'wake', 'auto_close')
    AND $1::timestamptz + $2::interval IS NOT NULL

-- lead --
SELECT pg_try_advisory_xact_lock($1)

-- clock_off_s --
SELECT extract(epoch FROM $1::timestamptz - clock_timestamp())::float8

-- release --
-- A process that was paused while it was being answered: the server waits for it to take the rest,
-- outside of every time limit, and its locks stand.
SELECT count(pg_terminate_backend(pid))
FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name = $1
    AND state = 'active' AND wait_event = 'ClientWrite'
    AND query_start < clock_timestamp() - $2::interval
