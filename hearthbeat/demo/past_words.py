"""What the demonstration's nurses write when they deal with an alert, and what came of it."""

from dataclasses import dataclass
from random import Random
from typing import Final

from alerts.life.alert import Alert, Outcome
from care.rules import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an alert was dealt with."""

    outcome: Outcome
    minutes: int
    note: str


def _e(outcome: Outcome, minutes: int, note: str) -> Ending:
    return Ending(outcome=outcome, minutes=minutes, note=note)


CALLED, ADVICE, CHANGED = Outcome.CALLED_PATIENT, Outcome.ADVICE_GIVEN, Outcome.MEDICATION_CHANGED
VISIT, EMERGENCY, WATCH = Outcome.VISIT_ARRANGED, Outcome.SENT_TO_EMERGENCY, Outcome.WATCH
ERROR, FALSE, PERSON = Outcome.MEASUREMENT_ERROR, Outcome.FALSE_ALARM, Outcome.WRONG_PERSON

_PRESSURE_HIGH: Final = (
    _e(CALLED, 9, "Called. No headache, no chest pain, vision normal. Had missed the morning dose; "
       "takes it now and measures again in an hour."),
    _e(CHANGED, 14, "Called, symptom-free. Dr. Osterwald agrees: amlodipine from 5 to 10 mg. "
       "Explained ankle swelling."),
    _e(ADVICE, 8, "Had climbed the stairs before measuring. Went through rest, back support and "
       "feet flat. Repeat was lower."),
    _e(CALLED, 7, "Called. Feels well. Salt-rich family dinner yesterday. Will measure tonight as "
       "planned."),
    _e(VISIT, 11, "Third time this month. Appointment with Dr. Osterwald on Thursday, brings the "
       "cuff for a check."),
)  # fmt: skip
_MEAN_HIGH: Final = (
    _e(WATCH, 6, "Mean a little above goal. New dose is two weeks old; looked at the trend, goes "
       "the right way."),
    _e(ADVICE, 12, "Went through the diary together: evening doses were missed at weekends. Pill "
       "box suggested."),
    _e(CHANGED, 10, "Discussed with Dr. Osterwald: chlorthalidone 12.5 mg added. Laboratory in two "
       "weeks."),
    _e(VISIT, 7, "Above goal despite two drugs. Visit arranged."),
)  # fmt: skip
_PRESSURE_LOW: Final = (
    _e(CALLED, 10, "Dizzy on standing up, no fall. Lies down with legs up, drinks. Second reading "
       "better. Diuretic paused today after asking Dr. Osterwald."),
    _e(ADVICE, 6, "Hot day, little to drink. Feels well again. Told to measure sitting after five "
       "minutes."),
    _e(WATCH, 4, "Known low values, no complaints. Looking again tomorrow."),
)  # fmt: skip
_PULSE: Final = (
    _e(CALLED, 9, "No palpitations felt. ECG arranged for this week."),
    _e(VISIT, 12, "Irregular pulse flagged again. ECG on Wednesday; anticoagulation to be "
       "discussed by Dr. Osterwald."),
    _e(WATCH, 5, "Atrial fibrillation is known and treated. Rate is fine."),
)  # fmt: skip
_WEIGHT_GAIN: Final = (
    _e(CHANGED, 16, "Two pillows instead of one, ankles swollen. Dr. Osterwald: furosemide doubled "
       "for five days. Weight every morning, call tomorrow."),
    _e(CALLED, 11, "No breathlessness, ankles as usual. Ate out twice. Repeated the salt advice; "
       "call again the day after tomorrow."),
    _e(ADVICE, 7, "Weighed in winter clothes. Will weigh before breakfast again."),
    _e(VISIT, 13, "Breathless on the stairs since Sunday. Seen in the clinic today."),
)  # fmt: skip
_WEIGHT_LOSS: Final = (
    _e(WATCH, 4, "The water is going, as intended. Diuretic back to the usual dose on Friday."),
    _e(CALLED, 8, "Stomach bug for three days, drinks enough. Diuretic paused until it is over."),
)
_SOMEBODY_ELSE: Final = (_e(PERSON, 5, "The grandchild stood on the scale. Reading set aside."),)
FAR: Final = 8.0
"""Per cent of weight that nobody loses in a week."""
_SUGAR_LOW: Final = (
    _e(CALLED, 12, "Woke up sweating, took juice, second value fine. Had skipped supper after "
       "insulin. Went through the rule of 15."),
    _e(CHANGED, 15, "Second low this month. Dr. Osterwald: basal insulin down by 4 units."),
    _e(ADVICE, 8, "Long walk in the afternoon without a snack. Knows what to do next time."),
)  # fmt: skip
_SUGAR_HIGH: Final = (
    _e(CALLED, 9, "Birthday cake, and the injection forgotten. No ketosis symptoms. Measures again "
       "before supper."),
    _e(CHANGED, 13, "Sick for two days. Sick-day rules gone through, correction dose by Dr. "
       "Osterwald."),
    _e(ERROR, 5, "Fruit juice on the finger. Washed hands: 148 mg/dL."),
)  # fmt: skip
_SUGAR_SLOW: Final = (
    _e(WATCH, 5, "Time in range lower than last month. On the list for the next visit."),
    _e(ADVICE, 10, "Looked at the evenings together: late snacks. Tries walking after supper."),
)
_OXYGEN: Final = (
    _e(CALLED, 12, "More sputum since yesterday, no fever. Started the rescue pack as agreed. Call "
       "again this evening."),
    _e(ERROR, 5, "Cold hands and nail varnish. Warmed up: 92 %."),
    _e(VISIT, 14, "Breathless at rest. Seen by Dr. Osterwald this afternoon."),
    _e(EMERGENCY, 18, "Breathless, 82 % twice, confused on the telephone. Ambulance called; son "
       "informed. Admitted."),
)  # fmt: skip
_FEVER: Final = (
    _e(CALLED, 9, "Cough and chills. Antibiotic started by Dr. Osterwald; drinks enough."),
    _e(ADVICE, 6, "Cold in the family. Feels well otherwise; measures again tonight."),
)
_CHECK: Final = (
    _e(ERROR, 4, "Cuff over the sleeve. Shown again how it sits."),
    _e(FALSE, 3, "Looked at it: nothing wrong, the next one is as usual."),
)
_LATE: Final = (_e(Outcome.DATA_ARRIVED, 3, "Backlog read. Nothing that needs a call today."),)
_ANY: Final = (
    _e(CALLED, 7, "Called. Feels well."),
    _e(WATCH, 4, "Looked at it, no action needed now."),
)

_BY_RULE: Final = (
    ("bp-above-goal", _MEAN_HIGH),
    ("bp-low", _PRESSURE_LOW),
    ("bp-drop", _PRESSURE_LOW),
    ("bp-", _PRESSURE_HIGH),
    ("pulse-pressure", _CHECK),
    ("pulse-", _PULSE),
    ("irregular", _PULSE),
    ("weight-loss", _WEIGHT_LOSS),
    ("weight-", _WEIGHT_GAIN),
    ("glucose-very-low", _SUGAR_LOW),
    ("glucose-low", _SUGAR_LOW),
    ("glucose-very-high", _SUGAR_HIGH),
    ("glucose-high", _SUGAR_HIGH),
    ("glucose-", _SUGAR_SLOW),
    ("spo2-", _OXYGEN),
    ("temperature-", _FEVER),
    ("check-", _CHECK),
    ("late-", _LATE),
)
TO_EMERGENCY_UP_TO: Final = 84.0
"""Nobody is sent to the emergency room for a saturation above it."""

SNOOZED: Final = "Known, dose was changed on Monday. Looking again tomorrow."
ESCALATED: Final = "Symptoms and a second bad value: the doctor should decide."
REOPENED: Final = "Closed too early: the patient called back, dizzy again."
TAKEN_ON: Final = "Calling now."
TRIED: Final = "No answer, left a message. Trying again in half an hour."


def ending(alert: Alert, chance: Random) -> Ending:
    """One that fits the rule; the same for the same luck."""
    fitting = _LATE if alert.late else next(
        (texts for start, texts in _BY_RULE if alert.rule.startswith(start)), _ANY
    )  # fmt: skip
    if alert.lane is Lane.NEEDS_CHECK:
        fitting = _CHECK
    worst = alert.worst
    if fitting is _WEIGHT_LOSS and worst is not None and worst < -FAR:
        fitting = _SOMEBODY_ELSE
    if fitting is _OXYGEN and (worst is None or worst > TO_EMERGENCY_UP_TO):
        fitting = _OXYGEN[:-1]
    return chance.choice(fitting)
