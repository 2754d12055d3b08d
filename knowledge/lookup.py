"""An address looked up on a day: the words meant, and what to know about number and version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.addresses import Address
from knowledge.numerals import article_heading
from knowledge.paragraphs import part
from knowledge.provisions import Provision, Standing
from knowledge.renumberings import Moved, moved
from knowledge.repeals import Repeal
from knowledge.sources import by_name, short_name
from records.language import Bilingual

# A text that follows within so long may have been adopted by the day asked about.
_SOON_DAYS = 550
# Every loaded version of one article, oldest first.
Versions = Callable[[str, str], Sequence[Provision]]


@dataclass(frozen=True)
class Lookup:
    """What an address leads to.

    `words` are those of the paragraph or item named, the whole article if none is. `provision` is
    None where nothing loaded is meant; the notes then say why.
    """

    address: Address
    provision: Provision | None
    words: str | None
    notes: tuple[Bilingual, ...] = ()
    # What ended the instrument, where nothing else of it is known.
    repeal: Repeal | None = None


def look_up(
    address: Address,
    versions: Versions,
    *,
    as_of: date,
    is_loaded: Callable[[str], bool] = lambda _name: False,
    repeal: Callable[[str], Repeal | None] = lambda _name: None,
) -> Lookup:
    """The provision an address means on that day, exactly, or none; never another one silently.

    `is_loaded` tells a law without such an article from one without its text; `repeal` knows of the
    laws that a loaded text ended.
    """
    ended = repeal(address.instrument)
    if ended is not None:
        return Lookup(address, None, None, (ended.note,), ended)
    renumbered = moved(address.instrument, address.article)
    if address.old:
        return _old(address, versions, renumbered, as_of)
    loaded = versions(address.instrument, address.article)
    held = [p for p in loaded if p.standing(as_of) is Standing.IN_FORCE]
    if not held:
        if not loaded and is_loaded(address.instrument):
            return Lookup(address, None, None, (_no_article(address), *_note(renumbered)))
        return Lookup(address, None, None, (_missing(address, loaded, as_of), *_note(renumbered)))
    provision = held[-1]
    notes = _version_notes(provision, loaded, as_of)
    if renumbered and renumbered.since <= as_of:
        notes = (*notes, renumbered.note)
    return _given(address, provision, notes)


def _old(address: Address, versions: Versions, renumbered: Moved | None, as_of: date) -> Lookup:
    """The earlier text where it is loaded; otherwise today's article that took its place."""
    ended = [
        p
        for p in versions(address.instrument, address.article)
        if p.standing(as_of) in {Standing.AMENDED, Standing.REPEALED}
    ]
    if ended:
        notes = (_ended(ended[-1]), *_note(renumbered))
        return _given(address, ended[-1], notes)
    if renumbered is None:
        return Lookup(address, None, None, (_old_unknown(address),))
    now = [
        p
        for p in versions(address.instrument, renumbered.new[0])
        if p.standing(as_of) is Standing.IN_FORCE
    ]
    words = Bilingual(
        "旧文本没有装入，下面是现行条文。",
        "The earlier text is not loaded; this is the article now.",
    )
    if not now:
        return Lookup(address, None, None, (renumbered.note,))
    # The parts of the old article need not be those of the new one.
    return Lookup(address, now[-1], now[-1].text, (renumbered.note, words))


def _given(address: Address, provision: Provision, notes: tuple[Bilingual, ...]) -> Lookup:
    words = part(provision.text, paragraph=address.paragraph, item=address.item)
    if words is None:
        return Lookup(address, None, None, (_no_part(address),))
    return Lookup(address, provision, words, notes)


def _note(renumbered: Moved | None) -> tuple[Bilingual, ...]:
    return (renumbered.note,) if renumbered else ()


def _version_notes(
    provision: Provision, loaded: Sequence[Provision], as_of: date
) -> tuple[Bilingual, ...]:
    notes = []
    if not provision.date_certain:
        notes.append(
            Bilingual(
                f"该版本的施行日（{provision.effective_from}）未经核实。",
                f"The day this version took effect ({provision.effective_from}) is not certain.",
            )
        )
    coming = [p for p in loaded if p.standing(as_of) is Standing.FUTURE]
    if coming:
        day = coming[0].effective_from
        days = (day - as_of).days if day else 0
        soon = days <= _SOON_DAYS
        notes.append(
            Bilingual(
                f"该法已通过修改，新文本自 {day} 起施行（{days} 天后）。"
                if soon
                else f"该法后来有修改，新文本自 {day} 起施行。",
                f"An amended text takes effect on {day} (in {days} days)."
                if soon
                else f"It was amended later: the new text takes effect on {day}.",
            )
        )
    return tuple(notes)


def _missing(address: Address, loaded: Sequence[Provision], as_of: date) -> Bilingual:
    """Why there is nothing: no text, a text of another day, or no such article."""
    name, article = short_name(address.instrument), article_heading(address.article)
    if not loaded:
        known = by_name().get(address.instrument)
        if known is None:
            # Not repeated: a name that somebody made up must not stand in what we say.
            return Bilingual(
                "您写的法规不在名录里，也没有装入：请核对名称，或导入官方文本。",
                "The law you name is neither in the catalogue nor loaded: check its name, or import "
                "its official text.",
            )
        return Bilingual(
            f"《{name}》（{known.level.label.zh}）{article}的原文没有装入，或没有这一条。",
            f"Article {address.article} of 《{name}》 is not loaded, or there is none.",
        )
    standing = loaded[-1].standing(as_of)
    day = loaded[0].effective_from
    if standing is Standing.FUTURE:
        return Bilingual(
            f"《{name}》{article}在 {as_of} 没有装入的有效文本；已装入的自 {day} 起施行。",
            f"No text of article {address.article} of 《{name}》 in force on {as_of} is loaded; the one loaded "
            f"takes effect on {day}.",
        )
    label = standing.label
    return Bilingual(
        f"《{name}》{article}在 {as_of} 的状态：{label.zh}。",
        f"Article {address.article} of 《{name}》 on {as_of}: {label.en}.",
    )


def _ended(provision: Provision) -> Bilingual:
    label = provision.ends_as.label if provision.ends_as else Standing.AMENDED.label
    until = f"，至 {provision.effective_to} 止" if provision.effective_to else ""
    until_en = f", until {provision.effective_to}" if provision.effective_to else ""
    return Bilingual(
        f"这是旧文本（{label.zh}{until}）。", f"An earlier text ({label.en}{until_en})."
    )


def _old_unknown(address: Address) -> Bilingual:
    name = short_name(address.instrument)
    return Bilingual(
        f"《{name}》的旧文本没有装入，新旧条号对照里也没有第 {address.article} 条。",
        f"The earlier text of 《{name}》 is not loaded, and no table says where its article "
        f"{address.article} went.",
    )


def _no_article(address: Address) -> Bilingual:
    name = short_name(address.instrument)
    return Bilingual(
        f"《{name}》已装入的文本里没有{article_heading(address.article)}。",
        f"The text of 《{name}》 that is loaded has no article {address.article}.",
    )


def _no_part(address: Address) -> Bilingual:
    name = f"《{short_name(address.instrument)}》{article_heading(address.article)}"
    wanted = "".join(
        f"第{number}{unit}"
        for number, unit in ((address.paragraph, "款"), (address.item, "项"))
        if number
    )
    return Bilingual(f"{name}没有{wanted}。", f"{name} has no such paragraph or item ({wanted}).")
