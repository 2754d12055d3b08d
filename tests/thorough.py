"""Which tests take a sample, and whether they run whole: `make test-thorough`, which sets COMPLIANCE_LONG.

A sample is the same each time and spread over the whole. A file named on the command line runs all its cases.
"""

import os
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import pytest

THOROUGH = bool(os.environ.get("COMPLIANCE_LONG"))
T = TypeVar("T")

# Of the cases of these tests one of so many: each alone takes long, and all show the same rule.
ONE_OF: dict[str, dict[str, int]] = {
    "tests/assistant/answering/test_refusals.py": {
        "test_a_refusal_says_no_and_quotes_or_names_what_forbids_it": 5,
    },
    "tests/assistant/test_ask.py": {
        "test_what_a_model_gets_wrong_the_rules_answer": 3,
    },
    "tests/assistant/test_choices.py": {
        "test_a_certificate_limits_itself_by_the_media_used": 2,
    },
    "tests/assistant/test_destruction.py": {
        "test_an_answer_about_a_place_must_make_sense": 2,
        "test_the_database_itself_keeps_the_separation": 4,
        "test_the_database_keeps_what_is_registered": 3,
    },
    "tests/assistant/test_drills.py": {
        "test_doing_all_that_is_expected_earns_every_point": 2,
    },
    "tests/assistant/test_remind.py": {
        "test_each_stage_goes_on_record_once": 3,
    },
    "tests/assistant/test_requests.py": {
        "test_other_requests_open_other_tickets": 3,
    },
    "tests/assistant/test_restricted_policy.py": {
        "test_what_somebody_else_asks_is_answered_as_if_it_were_not_there": 2,
    },
    "tests/assistant/test_send_notice.py": {
        "test_only_what_certainly_did_not_leave_may_be_tried_again": 2,
    },
    "tests/assistant/test_verbs.py": {
        "test_a_verb_that_does_something_leaves_an_event_without_personal_data": 4,
        "test_what_is_not_there_is_a_sentence_and_no_traceback": 2,
    },
    "tests/assistant/test_work_incident.py": {
        "test_a_responder_may_and_the_timeline_says_so_without_names": 2,
        "test_to_a_stranger_the_incident_does_not_exist": 2,
    },
    "tests/assistant/test_write_notice.py": {
        "test_the_database_itself_refuses_what_skips_the_rules": 3,
        "test_what_was_released_is_never_rewritten": 2,
    },
    "tests/evals/test_plain_text.py": {
        "test_every_labelled_value_can_be_read_from_the_file_before_redaction": 2,
    },
    "tests/evals/test_redaction.py": {
        "test_business_documents_lose_their_people_and_keep_their_numbers": 4,
        "test_no_labelled_value_can_be_read_from_a_redacted_file": 2,
    },
    "tests/faults/test_fuzz.py": {
        "test_nothing_but_a_result_or_a_sentence_of_ours": 12,
    },
    "tests/faults/test_fuzz_doors.py": {
        "test_a_body_is_taken_or_refused": 7,
    },
    "tests/integrations/slack/test_slack_forms.py": {
        "test_every_form_keeps_to_the_limits_of_a_modal": 2,
    },
    "tests/integrations/slack/test_slack_promises.py": {
        "test_misshapen_interactions_are_refused_or_ignored_without_a_trace": 2,
        "test_the_first_request_after_a_start_is_acknowledged_though_slack_is_slow": 2,
    },
    "tests/integrations/slack/test_slack_requests.py": {
        "test_a_bad_request_is_refused_and_nothing_of_it_is_kept_or_logged": 2,
    },
    "tests/integrations/test_bad_texts.py": {
        "test_a_bad_text_is_refused_in_both_languages_and_nothing_changes": 2,
    },
    "tests/integrations/web/test_attacks.py": {
        "test_a_path_out_of_its_folder_leads_nowhere": 7,
        "test_signing_in_never_leads_away": 2,
        "test_the_things_of_another_are_not_there": 6,
    },
    "tests/integrations/web/test_destruction_pages.py": {
        "test_a_step_that_cannot_be_taken_comes_back_with_its_reason": 2,
    },
    "tests/integrations/web/test_guards.py": {
        "test_only_our_own_names_are_answered": 2,
    },
    "tests/integrations/web/test_incident_pages.py": {
        "test_what_cannot_be_done_comes_back_on_the_page_with_its_reason": 2,
    },
    "tests/integrations/web/test_navigation.py": {
        "test_a_role_sees_the_pages_it_may_open_and_no_others": 2,
    },
    "tests/integrations/web/test_pages.py": {
        "test_each_page_speaks_both_languages": 5,
    },
    "tests/integrations/web/test_provider.py": {
        "test_a_token_that_does_not_hold_lets_nobody_in": 4,
    },
    "tests/knowledge/test_library.py": {
        "test_questions_outside_the_subject_find_nothing": 2,
    },
    "tests/pii/test_documents.py": {
        "test_no_further_part_of_a_word_file_keeps_a_name": 2,
        "test_no_hidden_place_of_a_word_file_keeps_a_name": 2,
    },
    "tests/pii/test_macros.py": {
        "test_a_copy_has_no_macro_and_is_a_plain_document": 3,
    },
    "tests/pii/test_normalise.py": {
        "test_readings_of_a_page_of_figures_stay_a_few_times_the_page": 2,
    },
    "tests/pii/test_scan.py": {
        "test_each_file_is_read_or_named_with_its_reason": 3,
    },
    "tests/pii/test_skipped_places.py": {
        "test_a_part_of_an_office_file_that_is_passed_on_is_noticed": 11,
        "test_a_place_inside_an_office_part_that_is_skipped_is_noticed": 6,
        "test_the_proof_sees_a_value_left_in_a_place_of_an_office_file": 2,
    },
    "tests/records/test_audit.py": {
        "test_events_are_found_by_all_that_is_given": 4,
    },
    "tests/tickets/test_declared_states.py": {
        "test_no_hand_moves_or_removes": 5,
        "test_no_hand_replaces": 2,
    },
    "tests/tickets/test_kinds.py": {
        "test_a_mistake_is_named_with_file_and_line": 2,
    },
}
# Of the tests that run on both engines one of so many also runs on PostgreSQL.
ON_SERVER = 3


def sample(whole: Sequence[T], every: int) -> Sequence[T]:
    """One of so many, or all where thorough."""
    return whole if THOROUGH else whole[::every]


def size(whole: int, quick: int) -> int:
    """The whole size where thorough, otherwise a smaller one that shows the same."""
    return whole if THOROUGH else quick


def sampled(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The items to run and those left to the thorough run; of each test some case is run."""
    seen, kept, left = Counter[str](), list[pytest.Item](), list[pytest.Item]()
    for item in items:
        test, parametrized, _ = item.nodeid.partition("[")
        file, _, name = test.partition("::")
        every = ONE_OF.get(file, {}).get(name, 1) if parametrized else 1
        server = item.get_closest_marker("both_engines") and "[postgresql" in item.nodeid
        skipped = seen[test] % every or (server and seen["postgresql"] % ON_SERVER)
        (left if skipped else kept).append(item)
        seen[test] += 1
        seen["postgresql"] += bool(server)
    return kept, left


def unknown(items: list[pytest.Item]) -> list[str]:
    """What is named here and was not collected from its file."""
    there = {item.nodeid.partition("[")[0] for item in items}
    files = {one.partition("::")[0] for one in there}
    named = [(file, name) for file, names in ONE_OF.items() for name in names]
    return [f"{file}::{name}" for file, name in named
            if file in files and f"{file}::{name}" not in there]  # fmt: skip
