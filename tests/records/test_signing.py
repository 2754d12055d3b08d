"""Signed statements: they hold for one key and one purpose, and for not a letter more."""

import json
from typing import Any

import pytest

from records.signing import BadSignature, Signer, verify

SIGNER = Signer(b"s" * 32)
BODY = {"serial": "CE-2026-0001", "客户": "清和", "counts": {"b": 1, "a": 2}}


def test_a_statement_holds_with_its_key_however_it_is_laid_out() -> None:
    text = SIGNER.sign("erasure-certificate", BODY)
    relaid = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=True)
    for one in (text, relaid, text.encode()):
        statement = verify(one, SIGNER.public_key)
        assert (statement.purpose, statement.body) == ("erasure-certificate", BODY)


def changed(**changes: Any) -> str:
    return json.dumps(json.loads(SIGNER.sign("erasure-certificate", BODY)) | changes)


@pytest.mark.parametrize(
    "text",
    [
        changed(body=BODY | {"客户": "他家"}),
        changed(purpose="redaction-summary"),
        changed(body=[1]),
        changed(signature={"value": "!", "public_key": SIGNER.public_key}),
        changed(signature={"value": "", "public_key": SIGNER.public_key}),
        changed(signature=None),
        SIGNER.sign("erasure-certificate", BODY).replace('"客户"', '"客户": "甲", "客户"'),
        "{}", "[]", "no", "[" * 100_000, '{"purpose": 1, "body": {}, "signature": {}}',
    ],
)  # fmt: skip
def test_anything_else_does_not(text: str) -> None:
    with pytest.raises(BadSignature):
        verify(text, SIGNER.public_key)


def test_a_statement_signed_by_somebody_else_is_told_from_ours() -> None:
    theirs = Signer(b"t" * 32).sign("erasure-certificate", BODY)
    with pytest.raises(BadSignature, match="公钥"):
        verify(theirs, SIGNER.public_key)
    forged = theirs.replace(Signer(b"t" * 32).public_key, SIGNER.public_key)
    with pytest.raises(BadSignature, match="签名不符"):
        verify(forged, SIGNER.public_key)


def test_a_key_that_is_none_is_told() -> None:
    text = SIGNER.sign("erasure-certificate", BODY).replace(SIGNER.public_key, "abc")
    with pytest.raises(BadSignature, match="public-key"):
        verify(text, "abc")
