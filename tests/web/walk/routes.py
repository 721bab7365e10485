"""The routes that run a model, in the order in which the page asks: a new one is a line of `ROUTES`.

Each with what it asks of a run, what the Python function says of the same run, and what it needs.
"""

from dataclasses import asdict

import torch
from tests.web.walk.runs import Route, Run
from tests.wire import Json

from gatescope import agreement
from gatescope.analysis import (
    OutputTarget,
    StateTarget,
    Targets,
    compare_outputs,
    compare_quantity,
    connectivity,
    contributions,
    gradient_reach,
    half_lives,
    health,
    integrated_gradients,
    position,
    rank_silenced,
    rank_units,
    retention,
    silence_each_unit,
    state_gradients,
    writes,
)
from gatescope.analysis.ranking import FEWEST_STEPS
from gatescope.lstm.cell import Step
from gatescope.lstm.network import cells_of
from gatescope.training import TASKS


def _place(run: Run) -> Json:
    layer, direction = run.place
    return {"layer": layer, "direction": direction}


UNIT = 1


def _unit(run: Run) -> Json:
    return _place(run) | {"unit": UNIT}


def _step(run: Run) -> Json:
    return _unit(run) | {"step": run.steps // 2}


def _asks_nothing(_: Run) -> Json:
    return {}


def _trace(run: Run) -> Json:
    layers = [
        {"layer": layer.layer, "direction": layer.direction, "initial_state": layer.initial_state._asdict()}
        | {name: getattr(layer, name) for name in Step._fields}
        for layer in run.trace.layers
    ]
    result = None if run.interventions else agreement(run.network, run.trace)
    output, task = run.trace.output, run.sequence.task
    asked = TASKS[task] if task and len(TASKS[task].outputs) == run.model.outputs else None
    return {
        "sequence": {"values": run.trace.fed, "steps": run.steps},
        "layers": layers,
        "output": None
        if output is None
        else {"values": output, "targets": asked and asked.sample(run.sequence.request["seed"]).targets},
        "agreement": result and {"reference": "torch.nn.LSTM", "tolerance": result.tolerance},
    }


def _contributions(run: Run) -> Json:
    result = contributions(run.network, run.trace, run.index, run.steps // 2, UNIT)
    gates = {
        name: {
            "sums": {"input": pushes.of_input.sum(), "hidden": pushes.of_hidden_state.sum(), "bias": pushes.of_bias},
            "pre_activation": pushes.pre_activation,
            "activation": pushes.activation,
        }
        for name, pushes in result.gates.items()
    }
    names = ("step", "unit", "previous_cell_state", "kept", "written", "cell_state", "hidden_state")
    return {"gates": gates} | {name: getattr(result, name) for name in names}


def _ranking(run: Run) -> Json:
    result = rank_units(run.trace, position(run.steps), "cell_state")
    return {"units": [asdict(unit) for unit in result.units[:50]], "chance": result.chance}


def _retention(run: Run) -> Json:
    result = retention(run.trace, run.index, UNIT)
    return {"steps": result.steps, "retained": result.retained, "half_lives": half_lives(run.trace, run.index)}


def _writes(run: Run) -> Json:
    result = writes(run.trace, run.index, run.steps // 2, [UNIT])
    return {
        "steps": result.steps,
        "parts": result.parts[:, 0],
        "initial": result.initial[0],
        "cell_state": result.cell_state[0],
    }


def _health(run: Run) -> Json:
    result = health(run.trace)[run.index]
    saturation = {gate: {"left": shares.left, "right": shares.right} for gate, shares in result.saturation.items()}
    findings = [{"kind": each.kind, "units": each.units, "shares": each.shares} for each in result.findings]
    return {"steps": run.steps, "saturation": saturation, "findings": findings}


def _compared(first: Run, second: Run) -> Json:
    result = compare_quantity(first.trace, second.trace, first.index, "cell_state")
    outputs = compare_outputs(first.trace, second.trace)
    return {
        "steps": [first.steps, second.steps],
        "difference": vars(result),
        "output": outputs and {"difference": vars(outputs)},
    }


def _gradients(run: Run) -> Json:
    layer, direction = run.place
    projected = cells_of(run.network)[run.place].proj_size > 0
    of_cell = state_gradients(run.network, run.trace, UNIT, layer=layer, direction=direction)
    of_hidden = state_gradients(
        run.network,
        run.trace,
        "norm" if projected else UNIT,
        quantity="hidden_state",
        layer=layer,
        direction=direction,
    )
    return {
        "step": of_cell.end,
        "cell_state": of_cell.cell_state[:, UNIT],
        "direct": of_cell.direct[:, UNIT],
        "cell_state_norms": of_cell.norms()["cell_state"],
        "input_norms": of_hidden.norms()["inputs"],
    }


def _reach(run: Run) -> Json:
    size = next(iter(cells_of(run.network).values())).hidden_size
    return asdict(gradient_reach(run.trace.fed, size, seed=0, unit=UNIT))


def _connectivity(run: Run) -> Json:
    result = connectivity(run.network, run.trace)
    assert run.trace.output is not None
    return {
        "step": result.step,
        "output": result.output,
        "value": run.trace.output[result.step, result.output],
        "norms": result.norms,
    }


def _target(run: Run) -> str:
    return "output" if run.model.outputs else "cell_state"


def _integrated(run: Run) -> Json:
    layer, direction = run.place
    of_state = StateTarget(UNIT, "cell_state", layer, direction)
    target: OutputTarget | StateTarget = OutputTarget() if run.model.outputs else of_state
    result = integrated_gradients(run.network, run.trace, target)
    names = ("attributions", "value", "baseline_value", "points", "converged")
    return {name: getattr(result, name) for name in names}


def _silencing(run: Run) -> Json:
    layer, direction = run.place
    task = TASKS[run.sequence.task] if run.sequence.task else None
    targets = None
    if task and len(task.outputs) == run.model.outputs:
        sample = task.sample(run.sequence.request["seed"])
        choices = torch.tensor([token in task.choices for token in task.outputs]) if task.choices else None
        targets = Targets(sample.targets, sample.asked, choices)
    result = silence_each_unit(
        run.network,
        run.x,
        layer,
        direction,
        targets=targets,
        initial_state=run.state,
        interventions=run.interventions,
    )
    return {
        "measured": result.measured,
        "score": result.score and asdict(result.score),
        "units": [asdict(unit) for unit in rank_silenced(result.units)],
    }


ANALYSES = "/api/v1/analyses"
TRACES = Route("/api/v1/traces", _asks_nothing, _trace)
ROUTES: dict[str, Route] = {
    "trace": TRACES,
    "contributions": Route(f"{ANALYSES}/contributions", _step, _contributions),
    "health": Route(f"{ANALYSES}/health", _place, _health),
    "retention": Route(f"{ANALYSES}/retention", _unit, _retention),
    "writes": Route(f"{ANALYSES}/writes", _step, _writes),
    "ranking": Route(
        f"{ANALYSES}/ranking", lambda _: {"hypothesis": {"type": "position"}}, _ranking, fewest=FEWEST_STEPS
    ),
    "gradients": Route(f"{ANALYSES}/gradients", _unit, _gradients, of_gradients=True),
    "gradient reach": Route(f"{ANALYSES}/gradient_reach", lambda _: {"unit": UNIT}, _reach, of_gradients=True),
    "connectivity": Route(
        f"{ANALYSES}/connectivity", _asks_nothing, _connectivity, of_gradients=True, needs_output=True
    ),
    "integrated gradients": Route(
        f"{ANALYSES}/integrated_gradients",
        lambda run: _unit(run) | {"target": _target(run)},
        _integrated,
        of_gradients=True,
    ),
    "what if": Route(f"{ANALYSES}/what_if", _place, lambda run: _compared(run.plain, run)),
    "comparison": Route(
        f"{ANALYSES}/comparison",
        lambda run: _place(run) | {"first": run.request, "second": run.plain.request},
        lambda run: _compared(run, run.plain),
        names_the_run=True,
    ),
    "silencing": Route(f"{ANALYSES}/silencing", _place, _silencing),
}
