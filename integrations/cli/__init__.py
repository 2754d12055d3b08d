"""The command line: `compliance …`. Each command is a verb, with the same permission and audit."""

import os
import sys

import typer

from integrations.cli import (
    accounts,
    bundle,
    certificates,
    closing_clients,
    consult,
    database,
    destruction,
    drills,
    feishu,
    incident_mail,
    kept,
    keys,
    knowledge,
    notice_delivery,
    persons,
    questions,
    quiz,
    records,
    registers,
    retention,
    rules,
    running,
    scan,
    slack,
    tickets,
    vault,
)
from integrations.cli.output import complain
from integrations.errors import UNEXPECTED, exit_code, log_unexpected
from integrations.logs import set_up_logs
from records.errors import ProductError

commands = typer.Typer(
    name="compliance",
    help="客户信息合规助手 / Client-information compliance assistant",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    *(questions.ask, questions.redact, rules.review, scan.scan, questions.ingest),
    *(vault.verify_report, retention.retention, persons.feedback),
    *(
        running.todo,
        running.status,
        running.doctor,
        running.quality,
        running.serve,
        running.worker,
        running.demo,
    ),
    *(feishu.feishu, running.mcp, consult.search, consult.check_citations, consult.keep_until),
    consult.redact_text,
):
    commands.command()(command)
for group in (
    *(incident_mail.incident, drills.drill, destruction.destroy, tickets.ticket),
    *(certificates.certificate, notice_delivery.notice, registers.register, closing_clients.close),
    *(kept.kept, persons.handover, persons.answers, quiz.quiz, bundle.bundle),
    *(knowledge.knowledge, rules.rules, rules.evals, vault.vault),
    *(records.audit, accounts.people, accounts.account, database.db, keys.keys, slack.slack),
):
    commands.add_typer(group)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; every error becomes a sentence and an exit code."""
    # Before the settings are read, so that an error in them is told in the form asked for.
    set_up_logs("json" if os.environ.get("COMPLIANCE_LOG_FORMAT") == "json" else "text")
    try:
        # Wrong usage and Ctrl+C are told and ended by Typer itself.
        commands(arguments)
    except ProductError as error:
        complain(f"{error.message.zh}\n{error.message.en}")
        sys.exit(exit_code(error))
    except Exception as error:
        log_unexpected(error, where="command")
        complain(f"{UNEXPECTED.zh}\n{UNEXPECTED.en}")
        sys.exit(1)
