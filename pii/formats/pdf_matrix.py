"""Matrices as PDF writes them (ISO 32000-2, 8.3.4): six numbers, applied from the left."""

from typing import Any

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def times(m: Matrix, n: Matrix) -> Matrix:
    """First m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def at(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point goes."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def matrix(values: Any) -> Matrix:
    """Six numbers as a matrix; identity where there are none."""
    try:
        a, b, c, d, e, f = (float(v) for v in values)
    except (TypeError, ValueError):
        return IDENTITY
    return a, b, c, d, e, f


def inverse(m: Matrix) -> Matrix | None:
    """The way back; None where a plane was folded into a line."""
    det = m[0] * m[3] - m[1] * m[2]
    if abs(det) < 1e-9:
        return None
    a, b, c, d = m[3] / det, -m[1] / det, -m[2] / det, m[0] / det
    return a, b, c, d, -(m[4] * a + m[5] * c), -(m[4] * b + m[5] * d)
