"""What a question names by its address: the provisions, those not there, and what to know of either."""

from dataclasses import dataclass
from datetime import date

from assistant.answering.answers import Mention
from assistant.answering.search import Search
from assistant.answering.sources import BINDING, Source, provision_source
from knowledge.lookup import Lookup
from knowledge.provisions import Provision, Standing
from knowledge.renumberings import moved
from knowledge.sources import short_name
from pii.cleared import ClearedText
from records.language import Bilingual


@dataclass(frozen=True, slots=True)
class Named:
    """The provisions a question names, the names that lead to none, and what to know of either."""

    sources: tuple[Source, ...]
    absent: tuple[Mention, ...]
    notes: tuple[Bilingual, ...]
    only_ended: bool


def named_in(search: Search, question: ClearedText) -> Named:
    """What a question names by its address, as it stands on that day for this audience."""
    library, as_of, audience = search.library, search.as_of, search.audience
    sources: list[Source] = []
    absent: list[Mention] = []
    notes: list[Bilingual] = []
    ends: set[str] = set()
    for address in library.addresses(question.text, audience):
        found = library.look_up(address, as_of=as_of, audience=audience)
        provision = found.provision
        notes += _earlier(provision, as_of) or found.notes
        ended = found.repeal.by if found.repeal else None
        if ended and ended.standing(as_of) is Standing.IN_FORCE:
            # What is no longer law is answered by the words that ended it.
            sources.append(_with_notes(ended, found, ended.text))
            ends.add(ended.id)
            continue
        if provision is None or provision.standing(as_of) is not Standing.IN_FORCE:
            absent.append(Mention(address.instrument, (address.article,)))
            continue
        sources.append(_with_notes(provision, found, found.words))
        renumbered = moved(address.instrument, address.article)
        if renumbered and renumbered.since <= as_of:
            # Whoever writes an old number may mean the rule it bore: both are quoted.
            now = [
                library.provision(address.instrument, new, as_of=as_of) for new in renumbered.new
            ]
            known = {source.key for source in sources}
            sources += [provision_source(one) for one in now if one and one.id not in known]
    keys = {source.key for source in sources}
    return Named(
        tuple(sources), tuple(absent), tuple(dict.fromkeys(notes)), bool(ends) and keys == ends
    )


def _earlier(provision: Provision | None, as_of: date) -> tuple[Bilingual, ...]:
    """Of a text that holds no more, where it may be read: an answer rests on what is in force."""
    if provision is None or provision.standing(as_of) is Standing.IN_FORCE:
        return ()
    name = f"《{short_name(provision.instrument)}》{provision.heading}"
    until = f"（至 {provision.effective_to}）" if provision.effective_to else ""
    until_en = f" (until {provision.effective_to})" if provision.effective_to else ""
    return (
        Bilingual(
            f"{name}的旧文本{until}不是现行规定，不能据以作答；旧文本可在网页“法规与制度”查阅，"
            "或用 compliance knowledge show。",
            f"The earlier text of {name}{until_en} is not in force, so no answer rests on it; read it "
            "under Law & policy on the web, or with compliance knowledge show.",
        ),
    )


def _with_notes(provision: Provision, found: Lookup, words: str | None) -> Source:
    """A provision that was asked for by name, its text behind what there is to know of it."""
    text = Bilingual(
        "".join((*(note.zh for note in found.notes), provision.text)),
        " ".join((*(note.en for note in found.notes), provision.text)),
    )
    binding = provision.level in BINDING
    return Source(provision.id, text, (provision,), is_law=binding, part=words)
