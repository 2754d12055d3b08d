"""The certificate of completion as a PDF."""

from assistant.papers.paper import ACCENT, HEIGHT, MARGIN, SOFT, WIDTH, Paper
from records.beijing import SHANGHAI
from records.training import TrainingResult


def certificate_of_completion(result: TrainingResult, name: str) -> bytes:
    """One page: who, what, which marks, when, the serial of the record."""
    paper = Paper()
    right = WIDTH - MARGIN
    day = result.at.astimezone(SHANGHAI)
    paper.y = HEIGHT - 150.0
    paper.rule(ink=ACCENT, width=1.6)
    paper.y -= 56
    paper.write("培训结业证书", x=MARGIN, y=paper.y, size=30)
    paper.y -= 22
    paper.write("Certificate of completion", x=MARGIN, y=paper.y, size=12, ink=SOFT)
    paper.y -= 40
    paper.block(name, x=MARGIN, size=22, right=right, ink=ACCENT)
    paper.y -= 16
    paper.block(
        f"于 {day.year} 年 {day.month} 月 {day.day} 日通过《{result.title}》考核，"
        f"得分 {result.points}/{result.out_of}（{result.percent}%），及格线 {result.pass_percent}%。",
        x=MARGIN, size=13, right=right,
    )  # fmt: skip
    paper.y -= 6
    paper.block(
        f'passed the examination "{result.title}" on '
        f"{day:%Y-%m-%d} with {result.points} of "
        f"{result.out_of} points ({result.percent} %); the pass mark is {result.pass_percent} %.",
        x=MARGIN, size=10.5, right=right, ink=SOFT,
    )  # fmt: skip
    paper.y -= 28
    paper.rule()
    paper.block(f"编号 Serial: {result.serial}", x=MARGIN, size=10, right=right)
    paper.block(
        "依据《个人信息保护法》第五十一条开展的安全教育和培训。成绩以本系统的培训记录为准。",
        x=MARGIN, size=9, right=right, ink=SOFT,
    )  # fmt: skip
    paper.block(
        "Security education and training under article 51 of the Personal Information Protection "
        "Law. The training record of this system decides.",
        x=MARGIN, size=9, right=right, ink=SOFT,
    )  # fmt: skip
    return paper.pdf(f"培训结业证书 {result.serial}")
