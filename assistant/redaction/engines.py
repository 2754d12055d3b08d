"""Which engine does many files, and whether a place may be read: for inventory and redaction alike."""

from pathlib import Path

from assistant.app import App
from pii.bulk import Engine, on_this_machine
from pii.places import Place, place_of
from records.errors import BadInput, NotFound

ENGINES = ("local", "ray")


def chosen_engine(name: str) -> Engine:
    """The engine of that name; Ray is loaded only when it is asked for. Raises BadInput."""
    if name == "ray":
        from pii.ray_engine import on_ray

        return on_ray
    if name != "local":
        raise BadInput("引擎只有 local 和 ray。", "The engines are local and ray.")
    return on_this_machine


def checked_source(app: App, where: str) -> Place:
    """The place to read. Raises NotFound where there is no such folder, BadInput for our own home."""
    place = place_of(where)
    if "://" in where:
        return place
    root, home = Path(where), app.settings.home.resolve()
    if not root.is_dir():
        raise NotFound("没有这个文件夹。请核对路径。", "No such folder. Please check the path.")
    if root.resolve().is_relative_to(home) or home.is_relative_to(root.resolve()):
        raise BadInput(
            "不能处理本系统自己的数据文件夹。请另选文件夹。",
            "The product's own data folder cannot be processed. Choose another.",
        )
    return place
