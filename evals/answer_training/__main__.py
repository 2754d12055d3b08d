"""`python -m evals.answer_training`: fit what answers weigh wishes and words by, and write it.

From the reviewed questions of the duties (knowledge/duties, knowledge/everyday), the examples of
assistant/answering/wishes.yaml and the words of datasets/rule_words.yaml; nothing is drawn by chance. Two
minutes of one core.
"""

from assistant.answering import rule_words as of_rules
from assistant.answering import verdicts as words
from assistant.answering import wishes as wished
from evals.answer_training import rule_words, verdicts, wishes


def main() -> None:
    """Write the four files; see assistant/answering/weights/CARD.md."""
    weigher = wishes.trained(wishes.examples().wishes, wishes.lawful_questions())
    weigher.whether.save(wished.WHETHER)
    weigher.which.save(wished.WHICH)
    verdicts.trained(list(verdicts.examples())).save(words.WEIGHTS)
    rule_words.trained(list(rule_words.examples())).save(of_rules.WEIGHTS)
    for path in (wished.WHETHER, wished.WHICH, words.WEIGHTS, of_rules.WEIGHTS):
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
