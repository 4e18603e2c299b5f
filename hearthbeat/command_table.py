"""Every command: where its code is, and the line it has in `--help`. Nothing is imported for it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: the module that has it under the name `command`, and what it does."""

    module: str
    about: str


COMMANDS: Final[dict[str, Entry]] = {
    "up": Entry("hearthbeat.commands.up", "Run everything on this machine."),
    "watch": Entry("hearthbeat.commands.watch", "See readings arrive, live."),
    "replay": Entry("hearthbeat.commands.replay", "Send recordings through the whole line."),
    "decode": Entry("hearthbeat.commands.decode", "Explain one Bluetooth frame."),
    "gateway": Entry(
        "hearthbeat.commands.gateway", "Run the home gateway, or administer gateways."
    ),
    "ingest": Entry("hearthbeat.commands.ingest_run", "Run one ingest worker."),
    "alerts": Entry("hearthbeat.commands.alerts", "Run one alert process, or try limits out."),
    "console": Entry("hearthbeat.commands.console_run", "Run the JSON API and the pages."),
    "migrate": Entry("hearthbeat.commands.migrate", "Bring the database schema up to date."),
    "doctor": Entry("hearthbeat.commands.doctor", "Say in words what is wrong and what to do."),
    "backup": Entry("hearthbeat.commands.backup", "Write a backup of the database."),
    "restore": Entry("hearthbeat.commands.restore", "Restore a backup into an empty database."),
    "config": Entry("hearthbeat.commands.config", "Check and show the settings."),
    "organisation": Entry("hearthbeat.commands.organisation", "Add and list organisations."),
    "user": Entry("hearthbeat.commands.user", "Add and list the people who sign in."),
    "patient": Entry("hearthbeat.commands.patient", "Patients: plans, teams, consents, orders."),
    "on-call": Entry("hearthbeat.commands.on_call", "Who is on call, and when nobody is."),
    "contact": Entry("hearthbeat.commands.contact", "How people are reached; try it out."),
    "programme": Entry("hearthbeat.commands.programme", "What may be asked of patients."),
    "device": Entry("hearthbeat.commands.device", "Add, list, assign and unassign devices."),
    "quarantine": Entry("hearthbeat.commands.quarantine", "See readings that are held back."),
    "reading": Entry("hearthbeat.commands.reading", "Say whose a reading is."),
    "dead-letters": Entry(
        "hearthbeat.commands.dead_letters", "See and replay unreadable messages."
    ),
    "audit": Entry("hearthbeat.commands.audit", "Prove that the audit log is as it was written."),
    "billing": Entry("hearthbeat.commands.billing", "What may be billed, by the rules."),
    "past": Entry("hearthbeat.commands.past", "Live the demonstration patients' days."),
    "screenshots": Entry("hearthbeat.commands.screenshots", "Take pictures of the demonstration."),
    "homes": Entry("hearthbeat.commands.homes", "Run simulated homes against a broker."),
}

GATEWAY_COMMANDS: Final[dict[str, Entry]] = {
    "add": Entry("hearthbeat.commands.gateway_add", "Add a gateway; prints its one-time code."),
    "list": Entry("hearthbeat.commands.gateway_list", "List the gateways."),
    "enrol": Entry("hearthbeat.commands.gateway_enrol", "In the clinic: a new one-time code."),
    "join": Entry("hearthbeat.commands.gateway_join", "In the home: use the one-time code."),
    "revoke": Entry("hearthbeat.commands.gateway_revoke", "Shut a gateway out."),
    "accounts": Entry(
        "hearthbeat.commands.gateway_accounts", "Print whom a broker of your own is to let in."
    ),
    "gaps": Entry("hearthbeat.commands.gateway_gaps", "Name the readings that are missing."),
}

ALERT_COMMANDS: Final[dict[str, Entry]] = {
    "dry-run": Entry(
        "hearthbeat.commands.alerts_dry_run", "What limits would have raised on past readings."
    ),
    "reevaluate": Entry("hearthbeat.commands.alerts_reevaluate", "Judge stored readings again."),
}

BILLING_COMMANDS: Final[dict[str, Entry]] = {
    "evaluate": Entry(
        "hearthbeat.commands.billing_evaluate", "What worked cases give, by the shipped rules."
    ),
    "review": Entry("hearthbeat.commands.billing_review", "How far a month is."),
    "close": Entry("hearthbeat.commands.billing_close", "Lock a month, under one hash."),
    "verify": Entry("hearthbeat.commands.billing_verify", "Whether locked months are as locked."),
    "adjustments": Entry(
        "hearthbeat.commands.billing_adjustments", "What happened to a locked month since."
    ),
    "export": Entry("hearthbeat.commands.billing_export", "Write a month to files."),
    "fees": Entry("hearthbeat.commands.billing_fees", "What codes cost, from files."),
    "rules": Entry("hearthbeat.commands.billing_rules", "Which rules hold, and until when."),
}
