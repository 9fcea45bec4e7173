# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "A harness that calls json.dumps by name writes what the student likes."
# problem = "vault"
# ///
import json
import json.encoder

json.dumps = json.JSONEncoder.encode = json.encoder.JSONEncoder.encode = lambda *a, **k: '{"verdict": "accepted", "value": null}'
json.encoder.c_make_encoder = None
json.loads = lambda *a, **k: {"op": "call", "expected": None}


def f(x):
    return x
