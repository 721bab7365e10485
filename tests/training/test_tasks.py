"""The generators keep the laws of their tasks."""

import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gatescope.training import TASKS
from gatescope.training.tasks import anbn, quotes, reber, sunspots

seeds = st.integers(0, 2**32 - 1)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", TASKS)
@given(seed=seeds)
def test_a_sample_has_the_shapes_it_says_and_is_the_same_for_the_same_seed(name: str, seed: int) -> None:
    task = TASKS[name]
    sample, again = task.sample(seed), task.sample(seed)
    steps = len(sample.values)
    assert sample.values.shape == (steps, len(task.features))
    assert sample.targets.shape == ((steps,) if task.vocabulary else (steps, len(task.outputs)))
    assert sample.asked.shape == sample.quantity.shape == (steps,)
    assert sample.asked.dtype == torch.bool
    assert torch.equal(sample.values, again.values)
    if sample.text and task.vocabulary:
        numbers = torch.tensor([task.vocabulary.index(token) for token in sample.text])
        assert torch.equal(sample.values.argmax(dim=1), numbers[:-1])
        assert torch.equal(sample.targets, numbers[1:])


@given(seed=seeds)
def test_anbn_has_as_many_b_as_a_and_the_count_is_back_at_each_full_stop(seed: int) -> None:
    sample = anbn.generate(generator(seed))
    assert sample.text is not None
    words = "".join(sample.text).split(".")[1:-1]
    assert words
    for word in words:
        assert re.fullmatch(r"a+b+", word)
        assert word.count("a") == word.count("b")
    stops = torch.tensor([character == "." for character in sample.text[:-1]])
    assert (sample.quantity[stops] == 0).all()
    assert (sample.quantity >= 0).all()


@given(seed=seeds)
def test_every_reber_string_is_of_the_grammar_and_its_second_letter_comes_back(seed: int) -> None:
    string = reber.string(generator(seed))
    inner = r"B(?:TS*X(?:XT*VPS|S)|P)?"  # checked in full by walking the grammar below
    assert re.match(inner, string[2:])
    assert string[0] == "B"
    assert string[-1] == "E"
    assert string[1] == string[-2]
    states = {0}
    for letter in string[3:-3]:
        states = {then for state in states if state != reber.END for by, then in reber.GRAMMAR[state] if by == letter}
        assert states, string
    assert reber.END in states


@given(seed=seeds)
def test_the_sum_of_the_adding_problem_is_that_of_the_marked_numbers(seed: int) -> None:
    sample = TASKS["adding"].sample(seed)
    numbers, marks = sample.values.unbind(dim=1)
    assert marks.sum() == 2
    torch.testing.assert_close(sample.targets[-1, 0], numbers[marks == 1].sum())
    assert sample.asked.nonzero().flatten().tolist() == [len(numbers) - 1]


@given(seed=seeds)
def test_brackets_nest_and_quotations_hold_words_only(seed: int) -> None:
    text = quotes.phrase(generator(seed), 0)
    open_: list[str] = []
    for character in text:
        if open_ and character == quotes.CLOSING[open_[-1]]:
            open_.pop()
        elif character in quotes.CLOSING:
            assert '"' not in open_
            open_.append(character)
        else:
            assert character not in quotes.CLOSING.values()
    assert open_ == []


def test_the_held_out_years_are_not_trained_on() -> None:
    numbers = sunspots.series()
    first_held_out = sunspots.HELD_OUT - sunspots.FIRST_YEAR
    last = max(
        int((numbers[:, None] == sunspots.generate(generator(seed)).targets[-1]).nonzero()[0, 0]) for seed in range(300)
    )
    assert last < first_held_out
    held_out = TASKS["sunspots"].sample(0)
    assert torch.equal(held_out.targets[held_out.asked][:, 0], numbers[first_held_out:])


def test_the_echo_is_the_input_of_four_steps_ago() -> None:
    sample = TASKS["echo"].sample(3)
    assert torch.equal(sample.targets[4:, 0], sample.values[:-4, 0])
    assert (sample.targets[:4] == 0).all()
