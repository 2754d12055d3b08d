"""The trainer's bank of quiz items: made, read, mended, approved, rejected; withdrawn by the law."""

from collections import Counter
from dataclasses import dataclass, replace

from assistant.app import App
from assistant.errors import FlawedItem
from assistant.quizzes.choosing import MOST_ITEMS, Maker, Wish
from assistant.quizzes.flaw_names import Flaw, Found
from assistant.quizzes.flaws import flaws_of, is_duplicate
from assistant.quizzes.grounds import carried, stands
from assistant.quizzes.items import Item, Option
from assistant.quizzes.store import (
    KeptItem,
    add_items,
    all_items,
    origins,
    read_item,
    settle_item,
)
from assistant.quizzes.tables import ItemState
from knowledge.errors import NoIndex
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission

LONGEST_STEM, LONGEST_OPTION, LONGEST_RATIONALE = 500, 200, 2000
MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class MadeItems:
    """The numbers of new items; fewer than wanted where the law that is loaded gives no more."""

    item_ids: tuple[str, ...]
    wanted: int
    missing: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with what is wrong with it today, and whether what it cites still reads so."""

    kept: KeptItem
    flaws: tuple[Found, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class Bank:
    """Items in one state, and how many there are in each."""

    items: tuple[KeptItem, ...]
    counts: dict[ItemState, int]


@dataclass(frozen=True, slots=True)
class Wording:
    """An item as a trainer wants it; what it cites stays."""

    stem: str
    options: tuple[Option, ...]
    rationale: str


def make_items(app: App, person: Person, wish: Wish) -> MadeItems:
    """New drafts, none of which is in the bank already. Raises NotPermitted, BadInput, NoIndex."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    if not 1 <= wish.count <= MOST_ITEMS:
        raise BadInput(
            f"一次可以生成 1 到 {MOST_ITEMS} 题。", f"Between 1 and {MOST_ITEMS} items at a time."
        )
    if not app.library.loaded():
        raise NoIndex
    with app.database.reading() as session:
        taken = origins(session)
    made = Maker(app.library, app.today()).make(wish, taken=taken)
    with app.database.transaction() as session:
        added = add_items(session, made.items, app.clock())
        details = {"items": len(added), "wanted": wish.count, "seed": wish.seed}
        app.append(session, person, "quiz:made", "items", details)
    return MadeItems(tuple(added), wish.count, wish.count - len(added))


def list_items(app: App, person: Person, state: ItemState | None = None) -> Bank:
    """The items in one state, or all, by what they cite as it reads today. Raises NotPermitted."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    with app.database.transaction() as session:
        kept = all_items(session)
        app.append(session, person, "quiz:listed", "items", {"items": len(kept)})
    every = [_as_of_today(app, one) for one in kept]
    counts = Counter(one.state for one in every)
    shown = tuple(one for one in every if state is None or one.state is state)
    return Bank(shown, {one: counts[one] for one in ItemState})


def read_quiz_item(app: App, person: Person, item_id: str) -> Judged:
    """One item with its key, and what is wrong with it. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    with app.database.transaction() as session:
        kept = read_item(session, item_id)
        app.append(session, person, "quiz:read", kept.id)
    kept = _as_of_today(app, kept)
    return Judged(kept, flaws_today(app, kept.item), stands(kept.item, app.library, app.today()))


def approve_item(app: App, person: Person, item_id: str) -> None:
    """The item may be asked. Raises NotPermitted, NotFound, FlawedItem."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    with app.database.reading() as session:
        kept = read_item(session, item_id)
    _must_be_sound(app, kept.item, kept.id)
    _settle(app, person, kept.id, ItemState.APPROVED)


def reject_item(app: App, person: Person, item_id: str) -> None:
    """The item is asked nobody, and not made again. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    _settle(app, person, item_id, ItemState.REJECTED)


def edit_item(app: App, person: Person, item_id: str, wording: Wording) -> None:
    """The item in other words, a draft again. Raises NotPermitted, NotFound, FlawedItem, BadInput."""
    app.authorise(person, Permission.QUIZ_MANAGE)
    _must_fit(wording)
    with app.database.reading() as session:
        kept = read_item(session, item_id)
    item = replace(
        kept.item,
        stem=wording.stem.strip(),
        options=wording.options,
        rationale=wording.rationale.strip(),
    )
    _must_be_sound(app, item, kept.id)
    with app.database.transaction() as session:
        settle_item(session, kept.id, ItemState.DRAFT, by=person.id, now=app.clock(), item=item)
        app.append(session, person, "quiz:edited", kept.id)


def flaws_today(app: App, item: Item) -> tuple[Found, ...]:
    """Every flaw, and whether what it cites carries it as the law reads today."""
    found = flaws_of(item, app.library.duties)
    if not carried(item, app.library, app.today()):
        found += (Found(Flaw.NOT_CARRIED),)
    return found


def withdraw_changed(app: App, person: Person) -> int:
    """How many approved items were withdrawn because what they cite changed; part of the upkeep."""
    with app.database.reading() as session:
        approved = all_items(session, ItemState.APPROVED)
    # Outside the transaction: nobody waits to write while the law is read.
    fallen = [one.id for one in approved if not stands(one.item, app.library, app.today())]
    for number in fallen:
        _settle(app, person, number, ItemState.WITHDRAWN)
    return len(fallen)


def _as_of_today(app: App, kept: KeptItem) -> KeptItem:
    """The item as the next turn leaves it: approved no longer once what it cites changed."""
    fallen = kept.state is ItemState.APPROVED and not stands(kept.item, app.library, app.today())
    return replace(kept, state=ItemState.WITHDRAWN) if fallen else kept


def _must_be_sound(app: App, item: Item, own_id: str) -> None:
    found = flaws_today(app, item)
    with app.database.reading() as session:
        others = all_items(session, ItemState.APPROVED)
    twins = [one.id for one in others if one.id != own_id and is_duplicate(one.item, item)]
    if twins:
        found += (Found(Flaw.DUPLICATE, twins[0]),)
    if found:
        raise FlawedItem(tuple((one.flaw.label, one.where) for one in found))


def _must_fit(wording: Wording) -> None:
    texts = [(wording.stem, LONGEST_STEM), (wording.rationale, LONGEST_RATIONALE)]
    texts += [(one.text, LONGEST_OPTION) for one in wording.options]
    texts += [(one.why, LONGEST_RATIONALE) for one in wording.options]
    if len(wording.options) > MOST_OPTIONS or any(len(text) > most for text, most in texts):
        raise BadInput(
            f"太长了：题干最多 {LONGEST_STEM} 字，选项最多 {MOST_OPTIONS} 个、各 {LONGEST_OPTION} 字。",
            f"Too long: a stem has at most {LONGEST_STEM} characters, and there are at most "
            f"{MOST_OPTIONS} options of {LONGEST_OPTION}.",
        )


def _settle(app: App, person: Person, item_id: str, state: ItemState) -> None:
    with app.database.transaction() as session:
        settle_item(session, item_id, state, by=person.id, now=app.clock())
        app.append(session, person, f"quiz:{state}", item_id.strip())
