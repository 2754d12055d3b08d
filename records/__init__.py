"""What must be kept: database, people, permissions, audit chain, jobs, encrypted files."""

import os

# ONNX Runtime sends figures of its own to its maker from release 1.29 on, and keeps a number of the machine,
# unless it finds this before it is loaded. Every package imports this one first.
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Numbers are multiplied by one thread a question: what answers multiply is small, and threads that wait for
# each other take the cores from who asks beside. Read when NumPy is loaded; whoever trains may set more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
