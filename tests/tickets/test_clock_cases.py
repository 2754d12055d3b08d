"""Stated cases of clocks: what is known, which clock, until when. Awareness: Friday 20:15 in Beijing.

`-` the clock does not run, `at once`, `if 00:15` conditional, `after` from the end of the handling.
"""

from datetime import datetime

import pytest

from records.beijing import SHANGHAI
from tickets.clocks.deadlines import Deadline, start
from tickets.incidents.fact_values import read_facts
from tickets.incidents.grade import IncidentFacts, IncidentKind, grade

AWARE = datetime(2026, 11, 20, 20, 15, tzinfo=SHANGHAI)
CASES = """
lost_device                                              | cac-4h           | if 21 00:15
lost_device people=0                                     | cac-4h           | -
lost_device people=1                                     | cac-4h           | -
lost_device people=999999                                | cac-4h           | -
lost_device people=1000000                               | cac-4h           | 21 00:15
lost_device people=1000001                               | cac-4h           | 21 00:15
lost_device people=9999999                               | cac-4h           | 21 00:15
lost_device people=10000000                              | cac-4h           | 21 00:15
lost_device people=100000000                             | cac-4h           | 21 00:15
lost_paper people=1000000                                | cac-4h           | -
lost_paper                                               | cac-4h           | -
regulator_inquiry people=1000000                         | cac-4h           | -
ransomware people=1 loss_yuan=4999999                    | cac-4h           | -
ransomware people=1 loss_yuan=5000000                    | cac-4h           | 21 00:15
ransomware people=1 loss_yuan=100000000                  | cac-4h           | 21 00:15
ransomware people=1 lives_affected=99999                 | cac-4h           | -
ransomware people=1 lives_affected=100000                | cac-4h           | 21 00:15
ransomware people=1 important_data=no                    | cac-4h           | -
ransomware people=1 important_data=yes                   | cac-4h           | 21 00:15
ransomware people=1 whole_outage_minutes=360             | cac-4h           | -
other people=1000000 critical_infrastructure=yes         | cac-4h           | -
other people=1000000 central_organ=yes                   | cac-4h           | -
other people=1 critical_infrastructure=yes               | cii-1h           | 20 21:15
other critical_infrastructure=yes                        | cii-1h           | 20 21:15
other people=1 critical_infrastructure=no                | cii-1h           | -
other people=1000000                                     | cii-1h           | -
lost_paper people=1 critical_infrastructure=yes          | cii-1h           | -
other people=1 critical_infrastructure=yes central_organ=yes | central-organ-2h | 20 22:15
other people=999999 central_organ=yes                    | central-organ-2h | -
other people=1000000 central_organ=yes                   | central-organ-2h | 20 22:15
other central_organ=yes                                  | central-organ-2h | if 20 22:15
other people=1000000                                     | central-organ-2h | -
other people=999999                                      | closing-30d      | -
other people=1000000                                     | closing-30d      | after
other                                                    | closing-30d      | if after
other people=1 critical_infrastructure=yes               | closing-30d      | after
lost_paper people=1000000                                | closing-30d      | -
other people=1 eu_residents=yes                          | gdpr-33          | 23 20:15
other people=1 eu_residents=no                           | gdpr-33          | -
lost_paper people=1 eu_residents=yes                     | gdpr-33          | 23 20:15
regulator_inquiry eu_residents=yes                       | gdpr-33          | -
other people=1 eu_residents=yes                          | gdpr-34          | at once
other people=1 bank=yes                                  | bank-2h          | 20 22:15
other people=1 bank=yes                                  | bank-24h         | 21 20:15
other people=1                                           | bank-2h          | -
other people=1                                           | bank-24h         | -
regulator_inquiry bank=yes                               | bank-2h          | -
other people=0                                           | pipl57-authority | at once
lost_paper                                               | pipl57-authority | at once
missent_mail people=1                                    | pipl57-individuals | at once
regulator_inquiry                                        | pipl57-authority | -
regulator_inquiry                                        | pipl57-individuals | -
other people=1                                           | csl44-users      | at once
lost_paper people=1                                      | csl44-users      | -
other people=1                                           | ndr11            | at once
lost_paper people=1                                      | ndr11            | -
other people=1                                           | dsl29            | at once
lost_paper people=1                                      | dsl29            | at once
regulator_inquiry                                        | dsl29            | -
other people=1                                           | consumer-remedy  | at once
regulator_inquiry                                        | consumer-remedy  | -
other people=1 suspected_crime=yes                       | police           | at once
other people=1 suspected_crime=no                        | police           | -
regulator_inquiry suspected_crime=yes                    | police           | -
other people=1 minors=yes                                | minors-35        | at once
other people=1 minors=no                                 | minors-35        | -
regulator_inquiry minors=yes                             | minors-35        | -
lost_paper people=1 archives=yes                         | archives-44      | at once
lost_paper people=1 archives=no                          | archives-44      | -
vendor_breach people=1                                   | contract         | at once
insider_export people=1                                  | contract         | -
regulator_inquiry                                        | inspection       | at once
other people=1                                           | inspection       | -
"""
TABLE = [tuple(part.strip() for part in line.split("|")) for line in CASES.strip().splitlines()]


def test_there_are_as_many_cases_as_were_asked_for() -> None:
    assert len(set(TABLE)) == len(TABLE) >= 60


@pytest.mark.parametrize(("known", "clock", "expected"), TABLE)
def test_a_stated_case(known: str, clock: str, expected: str) -> None:
    kind, *pairs = known.split()
    stated = dict(pair.split("=") for pair in pairs)
    facts = IncidentFacts(IncidentKind(kind), **read_facts(stated))  # type: ignore[arg-type]
    started = start(facts, grade(facts).severity, aware_at=AWARE)
    found = [one for one in started if one.id == clock]
    assert [shown(one) for one in found] == ([] if expected == "-" else [expected])


def shown(one: Deadline) -> str:
    when = "after" if one.awaits_end else "at once"
    if one.due_at:
        when = f"{one.due_at.astimezone(SHANGHAI):%d %H:%M}"
    return f"if {when}" if one.conditional else when
