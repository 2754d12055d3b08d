"""Notices to clients: read as they will be sent, without any client, and approved.

Clients and their addresses do not go through a workspace of others: shown is the letter to nobody, what
is personal in it masked. Approved is the revision that was shown and no other.
"""

from assistant.app import App
from assistant.notices.view import NoticeView, preview_notice, read_notice
from assistant.notices.write_notice import approve_notice
from assistant.redaction.clearing import clear_text
from integrations.acts.model import Act, Wish, numbered
from integrations.replies import Fact, Point, Press, Reply, Section, Tone
from integrations.replies.model import Weight
from integrations.replies.notices import counts_line, next_step
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission, allowed
from tickets.errors import SamePerson
from tickets.notices.data import notice_rules
from tickets.notices.records import NoticeState

LONGEST_LETTER = 8000
_STATE, _REVISION, _CLIENTS = (
    Bilingual("状态", "State"),
    Bilingual("版本", "Revision"),
    Bilingual("收件人", "Clients"),
)
_NEXT, _LETTER = Bilingual("下一步", "Next"), Bilingual("信函（示例）", "The letter (an example)")
_MASKED = Bilingual(
    "这里不显示客户，信中的个人信息已遮盖；逐份查看请打开网页上的通知。",
    "No client is shown here, and what is personal in the letter is masked; each client's letter is on "
    "the notice's page.",
)
_APPROVE = Bilingual("批准", "Approve")


def _standing(app: App, person: Person, view: NoticeView, title: Bilingual, tone: Tone) -> Reply:
    language, told = person.language, view.summary
    letter = preview_notice(app, person, told.number, first=0).letters[0].text()
    shown = clear_text(app, letter[:LONGEST_LETTER], LONGEST_LETTER).cleared.text
    return Reply(
        language=language,
        tone=tone,
        title=title.pick(language),
        lead=Point(notice_rules(told.kind).name.pick(language)),
        facts=(
            Fact(_STATE.pick(language), told.state.label.pick(language)),
            Fact(_REVISION.pick(language), str(told.revision)),
            Fact(_CLIENTS.pick(language), counts_line(told).pick(language)),
            Fact(_NEXT.pick(language), next_step(view).pick(language)),
        ),
        sections=(Section(_LETTER.pick(language), tuple(map(Point, shown.split("\n\n")))),),
        notes=(_MASKED.pick(language),),
        presses=_presses(view, person),
    )


def _presses(view: NoticeView, person: Person) -> tuple[Press, ...]:
    """Approve, where it is this person's turn; the verb checks it again."""
    told = view.summary
    done = {one.person_id for one in told.approvals} | set(told.writers)
    waits = told.state is NoticeState.DRAFT and not (view.missing or view.overdue or told.approved)
    if not waits or person.id in done or not allowed(person, Permission.NOTICE_APPROVE):
        return ()
    sure = Bilingual(
        f"批准通知 {told.number} 第 {told.revision} 版？批准以您的名义记录，不能代签。",
        f"Approve revision {told.revision} of the notice {told.number}? It goes on record in your name.",
    )
    language, meant = person.language, f"{told.number}:{told.revision}"
    return (
        Press("notice-approve", _APPROVE.pick(language), meant, Weight.GOOD, sure.pick(language)),
    )


def _show(app: App, person: Person, wish: Wish) -> Reply:
    view = read_notice(app, person, wish.subject)
    title = Bilingual(f"通知 {view.summary.number}", f"Notice {view.summary.number}")
    return _standing(app, person, view, title, Tone.CAUTION)


def _approve(app: App, person: Person, wish: Wish) -> Reply:
    number, revision = numbered(wish.subject)
    try:
        view = approve_notice(app, person, number, revision=revision)
    except SamePerson:
        # Pressed twice, or taken up after a crash: what was approved stands, and is said.
        view = read_notice(app, person, number)
        if person.id not in {one.person_id for one in view.summary.approvals}:
            raise
    title = Bilingual(f"已批准 {number}", f"Approved {number}")
    return _standing(app, person, view, title, Tone.GOOD)


ACTS = {"notice": Act(_show), "notice-approve": Act(_approve)}
