"""What must be kept: database, people, permissions, audit chain, jobs, encrypted files."""

import os

# ONNX Runtime sends figures of its own to its maker from release 1.29 on, and keeps a number of the machine,
# unless it finds this before it is loaded. Every package imports this one first.
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
