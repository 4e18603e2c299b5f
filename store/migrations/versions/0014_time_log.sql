Timers of care, and the time log.

-- time_entries --
CREATE TABLE time_entries (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    user_id UUID NOT NULL,
    staff_name TEXT NOT NULL,
    credential TEXT DEFAULT '' NOT NULL,
    role TEXT NOT NULL,
    service TEXT NOT NULL,
    programme TEXT,
    episode_id UUID,
    activity TEXT NOT NULL,
    mode TEXT NOT NULL,
    with_whom TEXT,
    note TEXT DEFAULT '' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    spans TSTZMULTIRANGE NOT NULL,
    seconds INTEGER NOT NULL,
    source TEXT NOT NULL,
    alert_id UUID,
    alert_version INTEGER,
    timer_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    corrects UUID,
    reason TEXT DEFAULT '' NOT NULL,
    withdrawn BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT time_entries_pkey PRIMARY KEY (id),
    CONSTRAINT time_entries_service CHECK (service IN ('rpm', 'rtm', 'ccm', 'pcm', 'tcm', 'bhi', 'none')),
    CONSTRAINT time_entries_activity CHECK (activity IN (
        'review', 'call', 'video_call', 'visit', 'message', 'care_plan', 'coordination', 'education',
        'medication', 'documentation', 'setup'
    )),
    CONSTRAINT time_entries_mode CHECK (mode IN ('none', 'live_phone', 'live_video', 'in_person')),
    CONSTRAINT time_entries_with_whom CHECK (with_whom IN ('patient', 'caregiver', 'colleague', 'other')),
    CONSTRAINT time_entries_source CHECK (source IN ('timer', 'by_hand', 'alert')),
    CONSTRAINT time_entries_span CHECK (ended_at > started_at),
    CONSTRAINT time_entries_past CHECK (ended_at <= recorded_at),
    CONSTRAINT time_entries_seconds CHECK ((seconds = 0) = withdrawn AND seconds >= 0),
    CONSTRAINT time_entries_seconds_within CHECK (seconds <= extract(epoch FROM ended_at - started_at)),
    CONSTRAINT time_entries_spans CHECK (isempty(spans) = withdrawn),
    CONSTRAINT time_entries_withdrawn CHECK (NOT withdrawn OR corrects IS NOT NULL),
    CONSTRAINT time_entries_reason CHECK (corrects IS NULL OR length(reason) > 0),
    CONSTRAINT time_entries_alert CHECK ((alert_id IS NULL) = (alert_version IS NULL)),
    CONSTRAINT time_entries_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT time_entries_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT time_entries_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT time_entries_episode_id_fkey FOREIGN KEY(episode_id) REFERENCES episodes (id),
    CONSTRAINT time_entries_alert_id_fkey FOREIGN KEY(alert_id) REFERENCES alerts (id),
    CONSTRAINT time_entries_recorded_by_fkey FOREIGN KEY(recorded_by) REFERENCES users (id),
    CONSTRAINT time_entries_corrects_fkey FOREIGN KEY(corrects) REFERENCES time_entries (id)
)

-- time_entries_alert_idx --
CREATE UNIQUE INDEX time_entries_alert_idx ON time_entries (alert_id, alert_version)
WHERE alert_id IS NOT NULL AND corrects IS NULL

-- time_entries_corrects_idx --
CREATE UNIQUE INDEX time_entries_corrects_idx ON time_entries (corrects)
WHERE corrects IS NOT NULL

-- time_entries_organisation_id_started_at_id_idx --
CREATE INDEX time_entries_organisation_id_started_at_id_idx
ON time_entries (organisation_id, started_at, id)

-- time_entries_patient_id_started_at_idx --
CREATE INDEX time_entries_patient_id_started_at_idx ON time_entries (patient_id, started_at)

-- time_entries_timer_idx --
CREATE UNIQUE INDEX time_entries_timer_idx ON time_entries (timer_id)
WHERE timer_id IS NOT NULL AND corrects IS NULL

-- time_entries_user_id_started_at_idx --
CREATE INDEX time_entries_user_id_started_at_idx ON time_entries (user_id, started_at)

-- timers --
CREATE TABLE timers (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    user_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    state TEXT NOT NULL,
    tab TEXT DEFAULT '' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    counted_to TIMESTAMP WITH TIME ZONE NOT NULL,
    spans TSTZMULTIRANGE DEFAULT '{}' NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT timers_pkey PRIMARY KEY (id),
    CONSTRAINT timers_state CHECK (state IN ('running', 'paused', 'logged', 'discarded')),
    CONSTRAINT timers_span CHECK (counted_to >= started_at),
    CONSTRAINT timers_ended CHECK ((state IN ('logged', 'discarded')) = (ended_at IS NOT NULL)),
    CONSTRAINT timers_reason CHECK (state <> 'discarded' OR length(reason) > 0),
    CONSTRAINT timers_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT timers_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT timers_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- timers_open_idx --
CREATE UNIQUE INDEX timers_open_idx ON timers (user_id, patient_id)
WHERE state IN ('running', 'paused')

-- timers_running_idx --
CREATE UNIQUE INDEX timers_running_idx ON timers (user_id)
WHERE state = 'running'

-- timers_user_id_counted_to_idx --
CREATE INDEX timers_user_id_counted_to_idx ON timers (user_id, counted_to)

-- time_entries append only --
CREATE TRIGGER time_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON time_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
