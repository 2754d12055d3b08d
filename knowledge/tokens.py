"""Text into what is searched: words, and pairs of neighbouring characters."""

import re

# A pair of characters, kept apart from words of two characters.
PAIR = "·"
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9][a-z0-9._+-]*", re.IGNORECASE)
_LATIN = re.compile(r"[a-z0-9]+")
# Words of asking and grammar: they say nothing about what is asked.
STOP = frozenset(
    "的 了 吗 呢 吧 啊 呀 么 嘛 是 在 有 和 与 及 或 或者 以及 并 而 就 都 也 还 又 再 很 太 这 那 这个 那个 "
    "这些 那些 我 我们 你 你们 您 他 他们 她 她们 它 咱们 自己 大家 能 能不能 可以 可不可以 可 要 要不要 需要 "
    "需不需要 应该 应当 会 会不会 是不是 是否 有没有 怎么 怎么办 怎样 怎么样 如何 什么 啥 为什么 哪 哪个 哪些 "
    "哪里 谁 几 多 多少 多久 多长 请问 请 问 一下 把 被 给 让 叫 对 对于 关于 从 到 向 往 于 由 为 以 将 用 "
    "因 因为 所以 如果 要是 但 但是 不过 之 其 者 个 些 种 没 没有 不 不是 不能 行 行不行 好 上 下 中 里 后 前 时 "
    "时候 之后 之前 以后 以前 已经 现在 目前 想 知道 说 做 去 来 得 着 过 才 只 还是 那么 办 算 该 吗 "
    "a an the of to in on for and or is are be can may must do does did we i you he she they it my our "
    "your how what when which who why where should would could will shall this that these those with "
    "by at from as if not no yes have has had get got there their his her its us me them any some "
    "about into over long many much please tell need use make way best good new".split()
)


def words(text: str) -> list[str]:
    """The words of a text, by dictionary; Latin words in lower case."""
    import rjieba  # the dictionary takes a third of a second: not at import

    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            found += _LATIN.findall(run.lower())
        else:
            found += rjieba.cut(run, False)
    return found


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring Han characters, marked as pairs."""
    return [
        f"{PAIR}{run[start : start + 2]}"
        for run in _RUN.findall(text)
        if not run[0].isascii()
        for start in range(len(run) - 1)
    ]


def terms(text: str) -> list[str]:
    """Words and pairs together: what an index holds of a text."""
    return [word for word in words(text) if word not in STOP] + pairs(text)
