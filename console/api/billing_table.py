"""The routes of billing: months and their lines, adjustments, who bills and who pays."""

from typing import Final

from billing.months.records import MonthHead, PatientMonth
from billing.months.views import Adjustment, Verdict
from billing.parties.enrolments import Enrolment
from billing.parties.fees import Schedule
from billing.parties.payers import PayerRow
from billing.parties.practice import Profile
from billing.parties.practitioners import Practitioner
from console.access import ADMIN, AUDITOR, BILLER, CLINICIAN, NURSE
from console.api import (
    billing_adjustments,
    billing_lines,
    billing_months,
    billing_parties,
    billing_patients,
)
from console.evaluating import all_in_time, as_json
from console.routing import API, CURSOR, LIMIT, Parameter, Route

ADMINS: Final = frozenset({ADMIN})
RUNNERS: Final = frozenset({BILLER, ADMIN})
APPROVERS: Final = RUNNERS | {CLINICIAN}
LOOKERS: Final = APPROVERS | {AUDITOR}
WORKERS: Final = LOOKERS | {NURSE}
ENROLLERS: Final = RUNNERS | {CLINICIAN, NURSE}
MONTH: Final = f"{API}/billing/months/{{month}}"
PATIENT: Final = f"{API}/patients/{{id}}"
ID: Final = {"type": "string", "format": "uuid"}

_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=f"{API}/billing/months", handler=billing_months.list_months,
          about="Months that somebody has looked at, the latest first.", roles=LOOKERS,
          answer=billing_months.MonthList),
    Route(method="GET", path=MONTH, handler=billing_months.get_month,
          about="How far a month is, up to date. 202 with `evaluating` while many patients of it"
          " are worked out.", roles=LOOKERS,
          answer=billing_months.MonthAnswer),
    Route(method="GET", path=f"{MONTH}/lines", handler=billing_months.list_lines,
          about="The lines of a month and what gives none, by patient.", roles=LOOKERS,
          parameters=(
              Parameter(name="verdict", about="only these",
                        schema={"type": "string", "enum": [str(each) for each in Verdict]}),
              Parameter(name="code", about="only this code"),
              Parameter(name="status", about="only lines that stand there"),
              Parameter(name="patient", about="only this patient's", schema=ID),
              LIMIT, CURSOR,
          ),
          answer=billing_months.LinePage),
    Route(method="GET", path=f"{MONTH}/patients/{{id}}", handler=billing_months.get_patient,
          about="Everything that a month's documents say of one patient.", roles=LOOKERS,
          answer=PatientMonth),
    Route(method="POST", path=f"{MONTH}/close", handler=billing_months.lock,
          about="Lock a month as it was looked at.", roles=RUNNERS, remembers=True,
          body=billing_months.CloseBody, answer=MonthHead),
    Route(method="GET", path=f"{MONTH}/adjustments", handler=billing_adjustments.list_adjustments,
          about="What happened after the lock, those that wait first.", roles=LOOKERS,
          answer=billing_adjustments.AdjustmentList),
    *(
        Route(method="POST", path=f"{API}/billing/lines/{name}", handler=handler, about=about,
              roles=roles, remembers=True, body=body, body_bytes_max=billing_lines.BODY_MOST,
              answer=billing_lines.MovedAnswer)
        for name, handler, roles, body, about in (
            ("approve", billing_lines.approve_lines, APPROVERS, billing_lines.LinesBody,
             "Answer for lines, exactly as they are; never for one's own time."),
            ("hold", billing_lines.hold_lines, APPROVERS, billing_lines.ReasonedLines,
             "Hold lines, with a reason."),
            ("release", billing_lines.release_lines, APPROVERS, billing_lines.ReasonedLines,
             "Release lines that are held."),
            ("status", billing_lines.answer_lines, RUNNERS, billing_lines.AnsweredLines,
             "Say what became of lines that have left the house."),
        )
    ),
    Route(method="GET", path=f"{API}/billing/lines/{{id}}/events",
          handler=billing_lines.list_events, about="Everything that ever became of a line.",
          roles=LOOKERS, answer=billing_lines.EventList),
    Route(method="POST", path=f"{API}/billing/adjustments/{{id}}/approve",
          handler=billing_adjustments.approve_adjustment,
          about="Let lines follow what happened after the lock; not by who made the change.",
          roles=APPROVERS, remembers=True, body=billing_adjustments.DecisionBody,
          answer=Adjustment),
    Route(method="POST", path=f"{API}/billing/adjustments/{{id}}/dismiss",
          handler=billing_adjustments.dismiss_adjustment,
          about="Leave lines as they were locked, for a reason.", roles=APPROVERS, remembers=True,
          body=billing_adjustments.DecisionBody, answer=Adjustment),
    *(
        Route(method="POST", path=f"{API}/billing/adjustments/{name}", handler=handler,
              about=about, roles=APPROVERS, remembers=True,
              body=billing_adjustments.DecisionsBody,
              body_bytes_max=billing_adjustments.BODY_MOST,
              answer=billing_adjustments.AdjustmentList)
        for name, handler, about in (
            ("approve", billing_adjustments.approve_alike,
             "Let claims of several patients say the same new details; all or none."),
            ("dismiss", billing_adjustments.dismiss_alike,
             "Leave claims of several patients as they were locked, for one reason."),
        )
    ),
    Route(method="GET", path=f"{API}/billing/work-list", handler=billing_adjustments.work_list,
          about="Whom a few days or minutes would bring to a code.", roles=WORKERS,
          parameters=(Parameter(name="all", about="everybody who is enrolled",
                                schema={"type": "boolean"}),),
          answer=billing_adjustments.WorkList),
    Route(method="GET", path=f"{API}/billing/practice", handler=billing_parties.get_practice,
          about="Who bills.", roles=LOOKERS, answer=Profile),
    Route(method="PUT", path=f"{API}/billing/practice", handler=billing_parties.put_practice,
          about="Set who bills.", roles=ADMINS, remembers=True,
          body=billing_parties.PracticeBody, answer=Profile),
    Route(method="GET", path=f"{API}/billing/practitioners",
          handler=billing_parties.get_practitioners, about="Practitioners.", roles=WORKERS,
          answer=billing_parties.PractitionerList),
    Route(method="POST", path=f"{API}/billing/practitioners",
          handler=billing_parties.post_practitioner, about="Add a practitioner.", roles=ADMINS,
          remembers=True, body=billing_parties.NewPractitioner, answer=Practitioner, status=201),
    Route(method="POST", path=f"{API}/billing/practitioners/{{id}}/retire",
          handler=billing_parties.retire, about="A practitioner who has left.", roles=ADMINS,
          status=204),
    Route(method="GET", path=f"{API}/billing/payers", handler=billing_parties.get_payers,
          about="Payers.", roles=WORKERS, answer=billing_parties.PayerList),
    Route(method="POST", path=f"{API}/billing/payers", handler=billing_parties.post_payer,
          about="Add a payer.", roles=ADMINS, remembers=True, body=billing_parties.NewPayer,
          answer=PayerRow, status=201),
    Route(method="PUT", path=f"{API}/billing/payers/{{id}}", handler=billing_parties.put_payer,
          about="Change what is known of a payer.", roles=ADMINS, remembers=True,
          body=billing_parties.ChangedPayer, answer=PayerRow),
    Route(method="GET", path=f"{API}/billing/payers/{{id}}/rules",
          handler=billing_parties.get_rules, about="What a payer asks of single codes.",
          roles=LOOKERS, answer=billing_parties.RuleList),
    Route(method="POST", path=f"{API}/billing/payers/{{id}}/rules",
          handler=billing_parties.post_rule, about="Add what a payer asks of a code.",
          roles=ADMINS, remembers=True, body=billing_parties.NewRule,
          answer=billing_parties.RuleList, status=201),
    Route(method="POST", path=f"{API}/billing/payers/{{id}}/rules/{{item}}/withdraw",
          handler=billing_parties.take_rule_back, about="Take back what a payer asks of a code.",
          roles=ADMINS, answer=billing_parties.RuleList),
    Route(method="GET", path=f"{API}/billing/fees", handler=billing_parties.get_schedules,
          about="Imported fee files.", roles=LOOKERS, answer=billing_parties.ScheduleList),
    Route(method="POST", path=f"{API}/billing/fees", handler=billing_parties.post_fees,
          about="Import a fee file.", roles=ADMINS, remembers=True, body=billing_parties.FeeFile,
          body_bytes_max=billing_parties.FILE_MOST, answer=Schedule, status=201),
    Route(method="GET", path=f"{API}/billing/fees/{{id}}", handler=billing_parties.get_fees,
          about="What stands in a fee file.", roles=LOOKERS, answer=billing_parties.FeeList),
    Route(method="GET", path=f"{PATIENT}/coverages", handler=billing_patients.get_coverages,
          about="Who pays for a patient.", roles=WORKERS, answer=billing_patients.CoverageList),
    Route(method="POST", path=f"{PATIENT}/coverages", handler=billing_patients.post_coverage,
          about="Add who pays for a patient.", roles=RUNNERS, remembers=True,
          body=billing_patients.NewCoverage, answer=billing_patients.CoverageList, status=201),
    Route(method="POST", path=f"{PATIENT}/coverages/{{item}}/end",
          handler=billing_patients.finish_coverage, about="End who pays for a patient.",
          roles=RUNNERS, remembers=True, body=billing_patients.EndedOn,
          answer=billing_patients.CoverageList),
    Route(method="POST", path=f"{PATIENT}/coverages/{{item}}/correct",
          handler=billing_patients.mend_coverage,
          about="Correct what was entered wrongly of who pays; locked months get an adjustment.",
          roles=RUNNERS, remembers=True, body=billing_patients.CorrectedCoverage,
          answer=billing_patients.CoverageList),
    Route(method="PUT", path=f"{PATIENT}/billing-address", handler=billing_patients.put_address,
          about="Set where a patient lives, as claims have it.", roles=RUNNERS, remembers=True,
          body=billing_patients.AddressBody, answer=billing_patients.CoverageList),
    Route(method="GET", path=f"{PATIENT}/service-enrolments",
          handler=billing_patients.get_services, about="What a patient is billed for.",
          roles=WORKERS, answer=billing_patients.EnrolmentList),
    Route(method="POST", path=f"{PATIENT}/service-enrolments",
          handler=billing_patients.post_service, about="Enrol a patient in a service.",
          roles=ENROLLERS, remembers=True, body=billing_patients.NewService, answer=Enrolment,
          status=201),
    Route(method="PUT", path=f"{PATIENT}/service-enrolments/{{item}}",
          handler=billing_patients.put_service, about="Change what is said of an enrolment.",
          roles=ENROLLERS, remembers=True, body=billing_patients.ChangedService,
          answer=Enrolment),
    Route(method="POST", path=f"{PATIENT}/service-enrolments/{{item}}/end",
          handler=billing_patients.finish_service, about="End a service.", roles=ENROLLERS,
          remembers=True, body=billing_patients.EndedOn, answer=Enrolment),
    Route(method="GET", path=f"{PATIENT}/attestations", handler=billing_patients.get_statements,
          about="What people have stated that nothing can measure.", roles=WORKERS,
          answer=billing_patients.StatementList),
    Route(method="POST", path=f"{PATIENT}/attestations", handler=billing_patients.post_statement,
          about="State what nothing can measure.", roles=ENROLLERS, remembers=True,
          body=billing_patients.NewStatement, answer=billing_patients.StatementList, status=201),
    Route(method="POST", path=f"{PATIENT}/attestations/{{item}}/withdraw",
          handler=billing_patients.take_statement_back, about="Take a statement back.",
          roles=ENROLLERS, remembers=True, body=billing_patients.Nothing,
          answer=billing_patients.StatementList),
)  # fmt: skip
BILLING_ROUTES: Final = all_in_time(_ROUTES, as_json)
