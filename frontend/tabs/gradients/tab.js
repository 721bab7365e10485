/** Gradients through time: how much earlier states and inputs matter to a state or an output. */

/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { flag, integer, oneOf } from "../../state/address_types.js";
import { BASELINES, INTEGRAL_TARGETS } from "../../state/choices.js";
import { requestOf } from "../../state/requests.js";
import * as connectivity from "./connectivity.js";
import * as reach from "./gradient_reach.js";
import * as integrated from "./integrated_gradients.js";
import * as stateGradients from "./state_gradients.js";

/** @param {State} state */
const isAsked = ({ tab }) => tab === "gradients";

/** @type {Tab} */
export const gradients = {
  name: "gradients",
  panel: (form) => [stateGradients.panel(form), reach.panel(form), connectivity.panel(form), integrated.panel(form)],
  charts: {
    gradients: { answer: "gradients", rows: stateGradients.rows },
    "gradient-reach": { answer: "gradient_reach", rows: reach.rows },
    connectivity: { answer: "connectivity", rows: connectivity.rows },
    integrated: { answer: "integrated_gradients", rows: integrated.rows },
  },
  questions: [
    {
      name: "gradients",
      isAsked,
      dependsOn: ["layer", "direction", "unit", "gradientStep"],
      requestOf: (state) => asked(state, { ...placeOf(state), step: stepOf(state) }),
    },
    {
      name: "gradient_reach",
      isAsked,
      dependsOn: ["unit", "gradientStep", "seed", "forgetBias"],
      requestOf: (state) => {
        const { unit, seed, forgetBias: forget_bias } = state;
        return asked(state, { unit, seed, forget_bias, step: stepOf(state) });
      },
    },
    {
      name: "connectivity",
      isAsked: (state) => isAsked(state) && Boolean(state.run?.output),
      dependsOn: ["time", "output"],
      requestOf: (state) => asked(state, { step: state.time, output: outputOf(state) }),
    },
    {
      name: "integrated_gradients",
      isAsked: (state) => isAsked(state) && state.integralOpen,
      dependsOn: ["layer", "direction", "unit", "time", "output", "integralTarget", "baseline", "integralPoints"],
      requestOf: (state) => {
        const { time: step, baseline, integralPoints: points } = state;
        const target = integrated.targetOf(state);
        const output = target === "output" ? outputOf(state) : null;
        return asked(state, { ...placeOf(state), target, step, output, baseline, points });
      },
    },
  ],
  options: [
    { property: "gradientStep", key: "gradient_step", type: integer(0), usual: null },
    { property: "output", key: "output", type: integer(0), usual: null },
    { property: "integralOpen", key: "integrated", type: flag, usual: false },
    { property: "integralTarget", key: "target", type: oneOf(INTEGRAL_TARGETS), usual: "output" },
    { property: "baseline", key: "baseline", type: oneOf(BASELINES), usual: "zero" },
    { property: "integralPoints", key: "points", type: integer(8, 4096), usual: 64 },
  ],
};

/** @param {State} state @param {object} of */
function asked(state, of) {
  const request = requestOf(state);
  return request && { ...request, ...of };
}

/** @param {State} state */
const placeOf = ({ layer, direction, unit }) => ({ layer, direction, unit });

/** The chosen step, within a run that may have become shorter since. @param {State} state */
const stepOf = ({ gradientStep, run }) =>
  gradientStep === null ? null : Math.min(gradientStep, (run?.sequence.steps ?? 1) - 1);

/** @param {State} state */
const outputOf = ({ output, run }) => (output !== null && output < (run?.output?.names.length ?? 0) ? output : null);
