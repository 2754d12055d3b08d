"""Write down the words the duties were checked against: `python -m evals.seal_duties [FOLDER …]`.

Run after the duties were reviewed against the texts in force. The folders hold official texts beyond
the national statutes. Only fingerprints are written, never the words.
"""

import sys
from datetime import date
from pathlib import Path

import yaml

from knowledge.checked import CHECKED, fingerprint
from knowledge.duties import load_duties
from knowledge.provisions import Provision, Standing
from knowledge.regulations import read_regulations
from knowledge.statutes import read_statutes
from knowledge.store import Document

AS_OF = date(2026, 11, 23)
_READ = frozenset({"statute text", "official text"})


def seal(folders: list[Path]) -> dict[str, dict[str, str]]:
    """Fingerprints of every article that a duty rests on and whose text is at hand."""
    cited = {
        (citation.instrument, article)
        for duty in load_duties().values()
        for citation in (*duty.citations, *duty.penalty)
        if citation.checked_in in _READ
        for article in citation.articles
    }
    found: dict[str, dict[str, str]] = {}
    for provision in _provisions(folders):
        key = (provision.instrument, provision.article)
        if key in cited and provision.standing(AS_OF) is Standing.IN_FORCE:
            found.setdefault(key[0], {})[key[1]] = fingerprint(provision.text)
    return {name: dict(sorted(articles.items())) for name, articles in sorted(found.items())}


def _provisions(folders: list[Path]) -> list[Provision]:
    read = [p for version in read_statutes() for p in version.provisions]
    documents = (one for folder in folders for one in read_regulations(folder))
    return read + [p for one in documents if isinstance(one, Document) for p in one.provisions]


def main() -> None:
    """Write the file anew."""
    articles = seal([Path(folder) for folder in sys.argv[1:]])
    words = yaml.safe_dump(
        {"as_of": AS_OF.isoformat(), "articles": articles}, allow_unicode=True, sort_keys=False
    )
    head = "# Fingerprints of the articles as the duties were checked against them; written by\n"
    CHECKED.write_text(f"{head}# `python -m evals.seal_duties`, never by hand.\n{words}", "utf-8")
    print(sum(len(one) for one in articles.values()), "articles sealed")


if __name__ == "__main__":
    main()
