"""A whole example for each JSON body in the OpenAPI document, put together from what its fields say."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

# What stands for a text whose field brings no example of its own, by the name of the field.
TEXTS = {
    "reason": "监管检查尚未结束",
    "note": "清点表 1 号",
    "reference": "回执 2026-18",
    "witness": "P-1a2b3c4d",
    "owner": "P-1a2b3c4d",
    "to": "P-1a2b3c4d",
    "client": "C-00042",
    "clients": "C-00042",
    "place": "backups",
    "text": "86 份，已逐份核对",
    "what": "碎纸现场照片",
    "company": "清禾健身服务有限公司",
    "custodian": "清河档案服务公司",
    "contact": "0571-60000001",
    "scan_id": "S-20261123-101500-86b795",
    "answer_id": "Q-5f3a9c1d2b7e",
    "confirmation": "清禾健身服务有限公司",
    "reply": "可以，先登记再销毁。",
    "name": "客户信息保护季度考试",
    "title": "客户信息保护季度考试",
}
DAY, MOMENT = "2026-11-23", "2026-11-20T20:15:00+08:00"


def example_of(schema: Schema, parts: Mapping[str, Schema], name: str = "") -> Any:
    """A value of that shape: a field's own example first, then what its type and name suggest.

    `parts`: the schemas that `$ref` names. What may be left out is, unless it brings an example.
    """
    if "$ref" in schema:
        return example_of(parts[schema["$ref"].rpartition("/")[2]], parts, name)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("example", "const", "default"):
        if schema.get(key) not in (None, "", [], {}):
            return schema[key]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return example_of(
                next(one for one in schema[key] if one != {"type": "null"}), parts, name
            )
    match schema.get("type"):
        case "object":
            return _object(schema, parts)
        case "array":
            one = example_of(schema.get("items", {}), parts, name)
            return [one] * max(schema.get("minItems", 1), 1)
        case "integer" | "number":
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "string":
            dates = {"date": DAY, "date-time": MOMENT}
            return dates.get(schema.get("format", "")) or TEXTS.get(name, "示例文字")
    return None


def _object(schema: Schema, parts: Mapping[str, Schema]) -> dict[str, Any]:
    needed = schema.get("required", ())
    found = {
        name: example_of(field, parts, name)
        for name, field in schema.get("properties", {}).items()
        if name in needed or field.get("examples")
    }
    if found or "properties" in schema or not isinstance(schema.get("additionalProperties"), dict):
        return found
    key = example_of(schema.get("propertyNames", {"type": "string"}), parts)
    return {key: example_of(schema["additionalProperties"], parts)}
