import base64
import json
from typing import Any

import httpx
import pytest
from tests.conftest import Serve
from tests.wire import AssertProblem, Json, npy

RANDOM = {"type": "random", "hidden_size": 2, "seed": 1}
NUMBERS = {"type": "numbers", "values": [1, 2, 3]}
STATE_DICT = {"weight_ih_l0": [[0.0]] * 4, "weight_hh_l0": [[0.0]] * 4}


def post(client: httpx.Client, model: Any = RANDOM, sequence: Any = NUMBERS, **more: Any) -> httpx.Response:
    return post_text(client, json.dumps({"model": model, "sequence": sequence, **more}))


def post_text(client: httpx.Client, text: str | bytes) -> httpx.Response:
    return client.post("/api/v1/traces", content=text, headers={"Content-Type": "application/json"})


def numbers(values: Any, **more: Any) -> Json:
    return {"type": "numbers", "values": values, **more}


@pytest.mark.parametrize(
    ("sequence", "field", "code", "words"),
    [
        (numbers([[1, 2], [3]]), "values.1", "ragged_rows", "row 1 has 1 value"),
        (numbers([]), "values", "empty", "at least one step"),
        (numbers([[1, 2], [3, float("nan")]]), "values.1.1", "finite_number", "finite"),
        (numbers([1, float("inf")]), "values.1", "finite_number", "finite"),
        (numbers([1, -1e39]), "values.1", "not_finite", "finite"),
        (numbers([1, "2"]), "values.1", "float_type", "number"),
        (numbers([[1, True]]), "values.0.1", "float_type", "number"),
        (numbers([[1, 10**400]]), "values.0.1", "float_type", "number"),
        (numbers([[1], 2]), "values.1", "list_type", "list"),
        (numbers([[[1]]]), "values.0.0", "float_type", "number"),
        (numbers("1 2 3"), "values", "list_type", "list"),
        (numbers([1], columns=[1]), "columns.0", "no_such_column", "no column 1"),
        (numbers([1], columns=[-1]), "columns.0", "greater_than_equal", "0"),
        (numbers([1], features=["a", "b"]), "features", "names_do_not_fit", "2 columns"),
        (numbers([1], scaling="log"), "scaling", "literal_error", "'none', 'zscore' or 'minmax'"),
        (numbers([1], colour="red"), "colour", "extra_forbidden", "no such field"),
        ({"type": "numbers"}, "values", "missing", "required"),
        ({"type": "table", "text": "a,b\n1,2\n3,x"}, "text", "not_a_number", "row 3, column 2"),
        ({"type": "table", "text": ""}, "text", "empty", "numbers"),
        ({"type": "npy", "data": "k05V!"}, "data", "invalid_base64", "base64"),
        ({"type": "npy", "data": "한"}, "data", "invalid_base64", "base64"),
        ({"type": "npy", "data": base64.b64encode(b"PK\3\4").decode()}, "data", "npy_broken", ".npy"),
        ({"type": "signal", "name": "tide"}, "name", "unknown_signal", "no signal 'tide'"),
        ({"type": "signal", "name": "sine", "steps": 0}, "steps", "greater_than_equal", "1"),
        ({"type": "signal", "name": "sine", "steps": 2.5}, "steps", "int_type", "integer"),
        ({"type": "signal", "name": "sine", "seed": 2**32}, "seed", "less_than_equal", "4294967295"),
        ({"type": "signal", "name": "sine", "parameters": {"period": 0}}, "parameters.period", "number_range", "2"),
        ({"type": "signal", "name": "sine", "parameters": {"x": 0}}, "parameters.x", "unknown_parameter", "period"),
        ({"type": "text", "text": ""}, "text", "empty", "at least one character"),
        ({"type": "text", "text": "a\ud800"}, "text", "lone_surrogate", "half of a surrogate pair at 1"),
        ({"type": "audio"}, "", "union_tag_invalid", "type is audio; it must be one of 'numbers'"),
        ({"values": [1]}, "", "union_tag_not_found", "type"),
        ([1, 2, 3], "", "model_attributes_type", "object"),
        ({"type": "text", "text": "a", **{f"x{place}": 0 for place in range(1000)}}, "", "too_many_fields", "32"),
    ],
)
def test_a_wrong_sequence_is_refused_with_its_place(
    client: httpx.Client, assert_problem: AssertProblem, sequence: Any, field: str, code: str, words: str
) -> None:
    place = f"sequence.{field}".removesuffix(".")
    error = assert_problem(post(client, sequence=sequence), "invalid-input", field=place, code=code)
    assert words in error["message"]


@pytest.mark.parametrize(
    ("model", "field", "code", "words"),
    [
        ({"type": "random", "hidden_size": 0}, "hidden_size", "greater_than_equal", "1"),
        ({"type": "random", "hidden_size": "8"}, "hidden_size", "int_type", "integer"),
        ({"type": "random", "seed": -1}, "seed", "greater_than_equal", "0"),
        ({"type": "random", "seed": True}, "seed", "int_type", "integer"),
        (
            {"type": "random", "initialisation": "he"},
            "initialisation",
            "literal_error",
            "'pytorch', 'xavier' or 'chrono'",
        ),
        ({"type": "random", "forget_bias": 1}, "forget_bias", "forget_bias_unused", "xavier only"),
        ({"type": "weights", "state_dict": {}}, "state_dict.weight_ih_l0", "missing", "required"),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "weight_hh_l0": [[0.0]] * 3}},
            "state_dict.weight_hh_l0",
            "wrong_shape",
            "(3, 1)",
        ),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "weight_ih_l0": [[0.0, 0.0]] * 4}},
            "state_dict.weight_ih_l0",
            "wrong_shape",
            "(4, 2)",
        ),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "weight_ih_l0": [[0.0], [0.0, 0.0]]}},
            "state_dict.weight_ih_l0",
            "not_a_tensor",
            "ragged",
        ),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "weight_ih_l0": [[0.0], [0.0], [0.0], [float("nan")]]}},
            "state_dict.weight_ih_l0.3.0",
            "finite_number",
            "finite",
        ),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "weight_ih_l0": [[0.0], [0.0], [1e39], [0.0]]}},
            "state_dict.weight_ih_l0.2.0",
            "not_finite",
            "finite",
        ),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "bias_ih_l0": [0.0] * 4}},
            "state_dict.bias_hh_l0",
            "missing_tensor",
            "bias_hh_l0 is missing",
        ),
        (
            {"type": "weights", "state_dict": {**STATE_DICT, "weight_hr_l0": [[0.0]]}},
            "state_dict.weight_hr_l0",
            "extra_forbidden",
            "no such field",
        ),
    ],
)
def test_a_wrong_model_is_refused_with_its_place(
    client: httpx.Client, assert_problem: AssertProblem, model: Json, field: str, code: str, words: str
) -> None:
    error = assert_problem(post(client, model), "invalid-input", field=f"model.{field}", code=code)
    assert words in error["message"]


@pytest.mark.parametrize(
    ("state", "field", "code"),
    [
        ({"hidden_state": [0, 0], "cell_state": [0]}, "cell_state", "wrong_size"),
        ({"hidden_state": [0, 1e39], "cell_state": [0, 0]}, "hidden_state.1", "not_finite"),
        ({"hidden_state": [0, None], "cell_state": [0, 0]}, "hidden_state.1", "float_type"),
        ({"hidden_state": [0, 0]}, "cell_state", "missing"),
    ],
)
def test_a_wrong_initial_state_is_refused_with_its_place(
    client: httpx.Client, assert_problem: AssertProblem, state: Json, field: str, code: str
) -> None:
    assert_problem(post(client, initial_state=state), "invalid-input", field=f"initial_state.{field}", code=code)


@pytest.mark.parametrize(("literal", "place"), [("NaN", "1"), ("Infinity", "1"), ("-Infinity", "1"), ("1e999", "1")])
def test_numbers_that_json_does_not_have_are_refused_with_their_place(
    client: httpx.Client, assert_problem: AssertProblem, literal: str, place: str
) -> None:
    text = json.dumps({"model": RANDOM, "sequence": NUMBERS}).replace("[1, 2, 3]", f"[1, {literal}, 3]")
    assert_problem(post_text(client, text), "invalid-input", field=f"sequence.values.{place}", code="finite_number")


@pytest.mark.parametrize(
    ("text", "line", "column"), [('{"model": }', 1, 11), ('{"model": {},\n  "sequence"}', 2, 13), ("hello", 1, 1)]
)
def test_what_is_not_json_is_refused_with_its_line_and_column(
    client: httpx.Client, assert_problem: AssertProblem, text: str, line: int, column: int
) -> None:
    error = assert_problem(post_text(client, text), "malformed-json", field="", code="malformed_json")
    assert (error["context"]["line"], error["context"]["column"]) == (line, column)
    assert f"line {line}, column {column}" in error["message"]


@pytest.mark.parametrize("content", [b'{"model": "\xff"}', b"[" * 100_000, b"1" * 5000], ids=["latin", "deep", "huge"])
def test_what_no_reader_of_json_takes_is_refused(
    client: httpx.Client, assert_problem: AssertProblem, content: bytes
) -> None:
    assert_problem(post_text(client, content), "malformed-json", code="malformed_json")


@pytest.mark.parametrize("text", ["", "null", "[]", "3"])
def test_json_that_is_no_request_is_refused(client: httpx.Client, assert_problem: AssertProblem, text: str) -> None:
    assert_problem(post_text(client, text), "invalid-input", field="")


@pytest.mark.parametrize(("query", "field"), [({"encoding": "xml"}, "encoding"), ({"weights": "maybe"}, "weights")])
def test_a_wrong_query_is_refused(client: httpx.Client, assert_problem: AssertProblem, query: Json, field: str) -> None:
    response = client.post("/api/v1/traces", json={"model": RANDOM, "sequence": NUMBERS}, params=query)
    assert_problem(response, "invalid-input", field=field)


def test_of_many_mistakes_twenty_are_named_and_all_counted(client: httpx.Client, assert_problem: AssertProblem) -> None:
    sequence = {"type": "signal", "name": "sine", "parameters": {f"p{place}": "x" for place in range(30)}}
    response = post(client, sequence=sequence)
    assert_problem(response, "invalid-input", field="sequence.parameters.p0")
    assert len(response.json()["errors"]) == 20
    assert response.json()["detail"].endswith("(and 29 more)")


def test_long_texts_are_cut(client: httpx.Client, assert_problem: AssertProblem) -> None:
    assert_problem(post(client, sequence={"type": "x" * 1_000_000}), "invalid-input")
    assert_problem(post(client, sequence={"type": "text", "text": "a", "y" * 1_000_000: 0}), "invalid-input")


@pytest.mark.parametrize("row", [[3e38, 3e38, 0], [3e38, -3e38, 0], [0, -3e38, 3e38], [3e38, -3e38, 3e38]], ids=str)
def test_values_beyond_float32_after_the_first_step_are_refused(
    client: httpx.Client, assert_problem: AssertProblem, row: list[float]
) -> None:
    weights = {"weight_ih_l0": [row] * 4, "weight_hh_l0": [[0.0]] * 4}
    model = {"type": "weights", "state_dict": weights}
    response = post(client, model, numbers([[0, 0, 0], [3e38, 3e38, 3e38]]))
    error = assert_problem(response, "invalid-input", field="", code="overflow")
    assert error["context"] == {"quantity": "forget_gate", "step": 1}


@pytest.mark.parametrize(
    ("settings", "model", "sequence", "field", "setting"),
    [
        ({"max_steps": 2}, RANDOM, NUMBERS, "sequence.values", "GATESCOPE_MAX_STEPS"),
        ({"max_steps": 2}, RANDOM, {"type": "table", "text": "1 2 3"}, "sequence.text", "GATESCOPE_MAX_STEPS"),
        ({"max_steps": 2}, RANDOM, {"type": "text", "text": "aaa"}, "sequence.text", "GATESCOPE_MAX_STEPS"),
        (
            {"max_steps": 2},
            RANDOM,
            {"type": "signal", "name": "sine", "steps": 10**30},
            "sequence.steps",
            "GATESCOPE_MAX_STEPS",
        ),
        ({"max_features": 2}, RANDOM, numbers([[1, 2, 3]]), "sequence.values", "GATESCOPE_MAX_FEATURES"),
        ({"max_features": 2}, RANDOM, {"type": "text", "text": "abc"}, "sequence.text", "GATESCOPE_MAX_FEATURES"),
        ({"max_columns": 2}, RANDOM, numbers([[1, 2, 3]]), "sequence.values", "GATESCOPE_MAX_COLUMNS"),
        (
            {"max_columns": 2},
            RANDOM,
            {"type": "npy", "data": npy([[1, 2, 3]])},
            "sequence.data",
            "GATESCOPE_MAX_COLUMNS",
        ),
        ({"max_cells": 3}, RANDOM, numbers([[1, 2], [3, 4]]), "sequence.values", "GATESCOPE_MAX_CELLS"),
        ({"max_cells": 3}, RANDOM, {"type": "table", "text": "1 2\n3 4"}, "sequence.text", "GATESCOPE_MAX_CELLS"),
        ({"max_cells": 3}, RANDOM, {"type": "text", "text": "abab"}, "sequence.text", "GATESCOPE_MAX_CELLS"),
        (
            {"max_cells": 3},
            RANDOM,
            {"type": "signal", "name": "noise", "steps": 2, "features": 2},
            "sequence.steps",
            "GATESCOPE_MAX_CELLS",
        ),
        ({"max_hidden_size": 1}, RANDOM, NUMBERS, "model.hidden_size", "GATESCOPE_MAX_HIDDEN_SIZE"),
        (
            {},
            {"type": "random", "hidden_size": 10**30},
            NUMBERS,
            "model.hidden_size",
            "GATESCOPE_MAX_HIDDEN_SIZE",
        ),
        (
            {"max_hidden_size": 1},
            {"type": "weights", "state_dict": {"weight_ih_l0": [[0]] * 8, "weight_hh_l0": [[0, 0]] * 8}},
            NUMBERS,
            "model.state_dict.weight_hh_l0",
            "GATESCOPE_MAX_HIDDEN_SIZE",
        ),
        ({"max_answer_cells": 42}, RANDOM, NUMBERS, "", "GATESCOPE_MAX_ANSWER_CELLS"),
    ],
)
def test_what_is_beyond_a_limit_is_refused_with_the_limit(
    serve: Serve,
    assert_problem: AssertProblem,
    settings: Json,
    model: Json,
    sequence: Json,
    field: str,
    setting: str,
) -> None:
    error = assert_problem(post(serve(**settings), model, sequence), "limit-exceeded", field=field)
    assert error["code"] == ("limit_exceeded" if "actual" in error["context"] else "larger_than_limit")
    assert error["context"]["setting"] == setting
    assert f"the limit is {error['context']['limit']:,} (setting {setting})" in error["message"]


def test_an_answer_at_the_limit_is_given(serve: Serve) -> None:
    # T·I + 6·T·H + 2·H = 3 + 36 + 4; with weights 4·H·(I + H + 2) = 40 more
    client = serve(max_answer_cells=43)
    assert post(client).status_code == 200
    assert client.post("/api/v1/traces?weights=true", json={"model": RANDOM, "sequence": NUMBERS}).status_code == 422


def test_an_unknown_address_is_a_problem(client: httpx.Client, assert_problem: AssertProblem) -> None:
    assert_problem(client.get("/api/v1/nothing"), "not-found", code="not_found")
    assert_problem(client.get("/nothing"), "not-found", code="not_found")
    assert_problem(client.get("/problems/nothing"), "not-found", code="not_found")
    assert_problem(client.get("/" + "x" * 5000), "not-found", code="not_found")


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v1/traces"), ("DELETE", "/healthz"), ("PUT", "/")])
def test_a_wrong_method_is_a_problem(
    client: httpx.Client, assert_problem: AssertProblem, method: str, path: str
) -> None:
    response = client.request(method, path)
    assert_problem(response, "method-not-allowed", code="method_not_allowed")
    assert response.headers["allow"]
