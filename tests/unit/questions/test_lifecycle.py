"""The table of moves by itself: complete, without contradictions, and the same in the documents."""

import re

from hypothesis import given
from hypothesis import strategies as st

from portal.questions.models import Act, Role, Status, Why
from portal.questions.models.lifecycle import (
    ALIVE,
    CLOSING,
    DECIDED,
    EVERY,
    NOT_ARCHIVED,
    RULES,
    SETTLING,
    SHUT,
    UNDOABLE,
    Rule,
    is_allowed,
    rules_for,
)
from portal.questions.models.question import CLOSED_TO_ANSWERS, SETTLED
from tests.architecture.sources import ROOT

PAGE = ROOT / "docs" / "explanation" / "question-life.md"
NAMES = {EVERY: "every one", NOT_ARCHIVED: "every one but archived", ALIVE: "what its answers say"}


def statuses_told(statuses: tuple[Status, ...]) -> str:
    """Returns statuses as the page names them."""
    return NAMES.get(statuses) or ", ".join(f"`{status.value}`" for status in statuses)


def line(rule: Rule) -> str:
    """Returns a rule as a line of the page's table."""
    who = "anyone" if len(rule.roles) == 4 else ", ".join(role.value for role in rule.roles)
    whys = ", ".join(f"`{why.value}`" for why in rule.whys)
    after = "closed as " + ", ".join(f"`{why}`" if why else "none" for why in rule.after) if rule.after else ""
    cells = (f"`{rule.act.value}`", who, statuses_told(rule.froms), statuses_told(rule.to) or "stays", whys or after)
    return f"| {' | '.join(cells)} |"


class TestTable:
    def test_every_status_is_reached_and_left(self):
        for status in Status:
            assert any(status in rule.to for rule in RULES), status
            assert any(status in rule.froms for rule in RULES), status

    def test_every_act_and_every_role_has_a_line(self):
        assert {rule.act for rule in RULES} == set(Act)
        assert {role for rule in RULES for role in rule.roles} == set(Role)

    def test_every_reason_is_given_by_somebody(self):
        assert {why for rule in RULES for why in rule.whys} == set(Why)
        assert set(CLOSING) < set(Why)

    def test_no_line_says_what_another_says(self):
        assert len(set(RULES)) == len(RULES)
        for act in Act:
            seen = set()
            for rule in RULES:
                if rule.act != act:
                    continue
                ways = {(role, why, way) for role in rule.roles for why in rule.whys or ("",) for way in rule.froms}
                assert not seen & ways
                seen |= ways

    def test_what_a_person_sets_has_one_act_that_leads_there(self):
        assert set(SETTLING) == set(SETTLED)
        for status, act in SETTLING.items():
            assert {target for rule in RULES if rule.act == act for target in rule.to} == {status}

    def test_the_groups_cut_the_statuses_without_overlap(self):
        assert set(ALIVE) | set(SETTLED) == set(Status)
        assert not set(ALIVE) & set(SETTLED)
        assert set(SHUT) == set(SETTLED) - {Status.ARCHIVED}
        assert set(CLOSED_TO_ANSWERS) < set(SETTLED)

    def test_an_archive_is_left_by_the_staff_alone(self):
        leaving = [rule for rule in RULES if Status.ARCHIVED in rule.froms]
        assert {rule.act for rule in leaving} == {Act.UNARCHIVE, Act.UNLOCK, Act.UNDO, Act.PART}
        assert {rule.roles for rule in leaving} == {(Role.STAFF,)}

    def test_members_without_a_part_in_it_only_vote_and_answer(self):
        own = {rule.act for rule in RULES if Role.MEMBER in rule.roles}
        assert own == {Act.ANSWER, Act.DELETE_ANSWER, Act.RESTORE_ANSWER, Act.REOPEN}
        assert [rule.whys for rule in rules_for(Act.REOPEN, [Role.MEMBER], Why.VOTE)] == [(Why.VOTE,)]
        assert rules_for(Act.REOPEN, [Role.MEMBER]) == []

    def test_who_asked_closes_for_one_reason_only(self):
        assert {why for why in Why if rules_for(Act.CLOSE, [Role.ASKER], why)} == {Why.ELSEWHERE}
        assert rules_for(Act.CLOSE, [Role.ASKER]) == []

    def test_what_can_be_taken_back_was_decided(self):
        assert UNDOABLE < DECIDED
        assert not DECIDED & {Act.ANSWER, Act.ACCEPT, Act.UNACCEPT, Act.DELETE_ANSWER, Act.RESTORE_ANSWER}

    @given(
        st.sampled_from(list(Act)), st.sampled_from(list(Role)), st.sampled_from(list(Status)),
        st.sampled_from(list(Status)), st.sampled_from([*Why, ""]),
    )  # fmt: skip
    def test_a_move_is_allowed_where_a_line_leads_there(self, act, role, before, after, why):
        lines = [rule for rule in RULES if rule.act == act and role in rule.roles and before in rule.froms]
        fitting = [rule for rule in lines if (why in rule.whys or not (rule.whys or why))]
        expected = any(after in rule.to or (not rule.to and before == after) for rule in fitting)
        assert is_allowed(act, role, before, after, why) == expected

    @given(st.sampled_from(list(Act)), st.sets(st.sampled_from(list(Role))), st.sampled_from([*Why, ""]))
    def test_more_roles_never_allow_less(self, act, roles, why):
        for role in roles:
            assert set(rules_for(act, [role], why)) <= set(rules_for(act, roles, why))
        assert rules_for(act, [], why) == []


class TestWords:
    def test_everything_has_words_for_people(self):
        for kind in (Act, Role, Why):
            assert all(str(each.label) and str(each.label) != each.value for each in kind)

    def test_codes_fit_their_columns(self):
        from portal.questions.models import Question, QuestionMove

        for kind, name in ((Act, "act"), (Role, "role"), (Why, "why"), (Status, "to_status"), (Status, "from_status")):
            longest = QuestionMove._meta.get_field(name).max_length
            assert all(len(each.value) <= longest for each in kind), name
        assert Question._meta.get_field("settled_why").max_length == QuestionMove._meta.get_field("why").max_length


class TestPage:
    def test_the_page_shows_the_table(self):
        shown = re.findall(r"^\| `[a-z_]+` \|.*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
        assert [row for row in shown if row.count("|") == 6] == [line(rule) for rule in RULES]

    def test_the_page_names_every_status_and_reason(self):
        text = PAGE.read_text(encoding="utf-8")
        assert all(f"`{each.value}`" in text for each in (*Status, *Why))
