"""`python -m evals.answer_training`: fit what answers weigh wishes and words by, and write it.

From the reviewed questions of the duties (knowledge/duties, knowledge/everyday) and the examples of
assistant/answering/wishes.yaml; nothing is drawn by chance. A minute of one core.
"""

from assistant.answering import verdicts as words
from assistant.answering import wishes as wished
from evals.answer_training import verdicts, wishes


def main() -> None:
    """Write the three files; see assistant/answering/weights/CARD.md."""
    weigher = wishes.trained(wishes.examples().wishes, wishes.lawful_questions())
    weigher.whether.save(wished.WHETHER)
    weigher.which.save(wished.WHICH)
    verdicts.trained(list(verdicts.examples())).save(words.WEIGHTS)
    for path in (wished.WHETHER, wished.WHICH, words.WEIGHTS):
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
