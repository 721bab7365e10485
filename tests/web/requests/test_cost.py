"""What a body costs while it is read: whatever it holds, a few times what a harmless one of its size costs."""

import json
import time
import tracemalloc
from typing import Any

import httpx
import numpy as np
import pytest
from tests.wire import Json, npy

SIZE = 120_000  # bytes of a body, about
MOST_TIMES = 40  # the CPU time of a harmless body, with room for a busy machine
MOST_MEMORY = 200  # bytes for each byte
MODEL = {"type": "random", "hidden_size": 1, "seed": 0}
FLAG = "\U0001f1f0"


def numbers(values: Any = (1,), **more: Any) -> Json:
    return {"type": "numbers", "values": values, **more}


def table(piece: str) -> Json:
    return {"type": "table", "text": piece * (SIZE // len(piece))}


def many(item: Any) -> list[Any]:
    return [item] * (SIZE // len(json.dumps(item, separators=(",", ":")) + ","))


def named(value: Any) -> Json:
    return {f"{place:06}": value for place in range(SIZE // len(f'"000000":{json.dumps(value)},'))}


def bytes_of(*shape: int) -> Json:
    return {"type": "npy", "data": npy(np.zeros(shape, dtype=np.int8))}


def intervention(**fields: Any) -> Json:
    return {"interventions": [{"quantity": "cell_state", "value": 0, **fields}]}


HOSTILE: dict[str, Json] = {
    "flags": {"sequence": {"type": "text", "text": FLAG * (SIZE // 4)}},
    "marks": {"sequence": {"type": "text", "text": "a" + "\u0301" * (SIZE // 2)}},
    "wrong names": {"sequence": numbers(features=many(1))},
    "wrong columns": {"sequence": numbers(columns=many(-1))},
    "wrong values": {"sequence": numbers(many("a"))},
    "a wide row": {"sequence": numbers([many(1)])},
    "short rows": {"sequence": numbers(many([1]))},
    "rows of rows": {"sequence": numbers([many([[1]])])},
    "wrong parameters": {"sequence": {"type": "signal", "name": "sine", "parameters": named("x")}},
    "unknown fields": named(1),
    "wrong fields of interventions": {"interventions": many({"": 1})},
    "wrong units": intervention(units=many(-1)),
    "a wrong state": {"initial_state": {"hidden_state": many("a"), "cell_state": many([1])}},
    "wrong weights": {"model": {"type": "weights", "state_dict": {"weight_ih_l0": many([0]), "weight_hh_l0": [[0]]}}},
    "lines": {"sequence": table("1\n")},
    "blank lines": {"sequence": table("\n")},
    "comments": {"sequence": table("#\n")},
    "one line": {"sequence": table("1 ")},
    "commas": {"sequence": table(",")},
    "quotes": {"sequence": table('"\n",')},
    "an open quote": {"sequence": {"type": "table", "text": 'a,"' + "1\n" * (SIZE // 2)}},
    "one digit after another": {"sequence": {"type": "table", "text": "1\n" + "1" * SIZE}},
    "a table of JSON": {"sequence": {"type": "table", "text": f"[{','.join(['[]'] * (SIZE // 3))}]"}},
    "a table of objects": {"sequence": {"type": "table", "text": f"[{','.join(['{}'] * (SIZE // 3))}]"}},
    "a deep table": {"sequence": table("[")},
    "a wide file": {"sequence": bytes_of(1, SIZE * 3 // 4)},
    "a long file": {"sequence": bytes_of(SIZE * 3 // 4)},
}


@pytest.fixture(scope="module")
def harmless(client: httpx.Client) -> float:
    """The CPU seconds of a table that is read and run."""
    content = written(sequence=table(",".join(["0.123456"] * 100) + "\n"))
    assert post(client, content).status_code == 200
    return max(seconds(client, content) for _ in range(3))


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_costs_little_more_than_a_harmless_one(
    client: httpx.Client, harmless: float, body: Json
) -> None:
    content = written(**body)
    assert seconds(client, content) < MOST_TIMES * harmless
    tracemalloc.start()
    assert post(client, content).status_code in (200, 422)
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert memory < MOST_MEMORY * len(content)


def written(**body: Any) -> bytes:
    whole = {"model": MODEL, "sequence": numbers(), **body}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def post(client: httpx.Client, content: bytes) -> httpx.Response:
    return client.post("/api/v1/traces", content=content, headers={"Content-Type": "application/json"})


def seconds(client: httpx.Client, content: bytes) -> float:
    """The CPU time of an answer; client and server are one process."""
    before = time.process_time()
    post(client, content)
    return time.process_time() - before
