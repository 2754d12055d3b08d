"""Replies about questions handed to a person, and about feedback."""

from assistant.answering.feedback import Feedback
from assistant.answering.handovers import Handover
from integrations.replies.model import Fact, Point, Reply, Tone
from integrations.replies.wording import moment
from records.language import Bilingual, Language

_BY_A_PERSON = Bilingual("负责人本人的答复", "a person's own reply")


def handed_over_reply(handover: Handover, officer: str) -> Reply:
    """To who asked: it is with a person now, and where the reply will be."""
    language = handover.language
    said = Bilingual(
        f"已转给{officer}。有答复就发到这里，也可以在网页“问负责人”里看到。",
        f"Handed to {officer}. The reply comes here, and stands on the web under “Ask a person”.",
    )
    return Reply(
        language=language,
        tone=Tone.INFO,
        title=_pick(language, "已转给负责人", "Handed to a person"),
        lead=Point(said.pick(language)),
        facts=_facts(handover, language),
    )


def waiting_reply(handover: Handover, language: Language) -> Reply:
    """To an officer: somebody asks, and how to reply."""
    return Reply(
        language=language,
        tone=Tone.INFO,
        title=_pick(language, "有人问您", "Somebody asks you"),
        lead=Point(handover.question),
        facts=(
            Fact(_pick(language, "编号", "Number"), handover.id),
            Fact(_pick(language, "提问时间", "Asked"), moment(handover.opened_at, language)),
        ),
        notes=(
            _pick(
                language,
                f"答复：发“回复 {handover.id}：……”，或在网页“问负责人”里写。",
                f"To reply, send “reply {handover.id}: …”, or write it on the web under "
                "“Ask a person”.",
            ),
        ),
    )


def officer_reply(handover: Handover) -> Reply:
    """To who asked: what the person replied. Said to be theirs: no program checked it."""
    language = handover.language
    return Reply(
        language=language,
        tone=Tone.GOOD,
        title=_pick(language, "负责人的答复", "The reply to your question"),
        lead=Point(handover.reply, _BY_A_PERSON.pick(language)),
        facts=_facts(handover, language),
    )


def reply_kept_reply(handover: Handover, language: Language) -> Reply:
    """To the officer: the reply is on its way."""
    return Reply(
        language=language,
        tone=Tone.GOOD,
        title=_pick(language, "答复已发出", "Reply sent"),
        lead=Point(handover.reply),
        facts=_facts(handover, language),
        notes=(
            _pick(
                language,
                "以后还会有人问的话，可在网页“已批准的答复”里批准它，供大家使用。",
                "If others will ask the same, approve it on the web under “Approved answers”.",
            ),
        ),
    )


def feedback_reply(feedback: Feedback, officer: str, language: Language) -> Reply:
    """Thanks, and the way on where the answer was wrong."""
    if feedback.right:
        said = _pick(language, "谢谢，已记下：这条回答有用。", "Thanks; noted as helpful.")
    elif feedback.reason:
        said = _pick(language, "谢谢，原因已记下。", "Thanks; your reason is noted.")
    else:
        said = _pick(
            language,
            f"谢谢，已记下。想说明哪里不对，请发“反馈 {feedback.answer_id}：……”；"
            f"急着要答案，请按“问负责人”（{officer}）。",
            f"Thanks; noted. To say what is wrong, send “feedback {feedback.answer_id}: …”. "
            f"If you need an answer, press “Ask a person” ({officer}).",
        )
    title = _pick(language, "反馈", "Feedback")
    return Reply(language=language, tone=Tone.INFO, title=title, lead=Point(said))


def _facts(handover: Handover, language: Language) -> tuple[Fact, ...]:
    return (
        Fact(_pick(language, "问题", "Question"), handover.question),
        Fact(_pick(language, "编号", "Number"), handover.id),
    )


def _pick(language: Language, zh: str, en: str) -> str:
    return Bilingual(zh, en).pick(language)
