/** The state of the page and its parts, as types. Defaults stand in properties.js. */

/** @import {Key, KeyBehind, Language} from "../base/i18n.js" */
/** @import {createStore} from "../base/store.js" */
/** @import {Gate} from "../step/cell.js" */
/** @import {Listed} from "../workspace/actions.js" */
/** @import {NamedModel} from "../workspace/session.js" */
/** @import {Fault, Run, Signal, StoredModel, ZooModel} from "./answers.js" */
/** @import * as choices from "./choices.js" */
/** @import {INPUTS} from "./properties.js" */
/** @import {Raw, RawSource} from "./raw_data.js" */

/**
 * @typedef {object} State
 * @property {typeof choices.SOURCES[number]} source  where the sequence comes from
 * @property {typeof choices.TASKS[number]} task  which shipped model, and which task its input is drawn by
 * @property {number} taskSeed
 * @property {string} signal
 * @property {number} steps
 * @property {Record<string, number>} parameters  those of the signal that differ from its defaults
 * @property {number} signalSeed
 * @property {typeof choices.SCALINGS[number]} scaling
 * @property {number[] | null} columns  null: all that hold numbers
 * @property {typeof choices.MODELS[number]} model  where the model comes from
 * @property {string | null} stored  id of the stored model
 * @property {string | null} lstm  which LSTM of the stored model
 * @property {string | null} front
 * @property {string | null} readOut
 * @property {boolean} softmax
 * @property {number} hiddenSize
 * @property {typeof choices.INITIALISATIONS[number]} initialisation
 * @property {number} forgetBias
 * @property {number} seed
 * @property {string} numbers  raw data: never in the address
 * @property {string} text  raw data: never in the address
 * @property {Attachment | null} file  raw data: never in the address
 * @property {string | null} awaited  the fingerprint of data that the address names and that is not here
 * @property {string | null} storedName  how the address calls the stored model
 * @property {number} time
 * @property {number} unit
 * @property {number} layer
 * @property {typeof choices.DIRECTIONS[number]} direction
 * @property {[number, number] | null} zoom  first and last step on screen; null: all
 * @property {"unit" | "quantity"} lines
 * @property {choices.Quantity} quantity
 * @property {number[]} units
 * @property {boolean} rankingOpen
 * @property {typeof choices.HYPOTHESES[number]} hypothesis
 * @property {string} hypothesisDetail  raw data may be in it: never in the address
 * @property {KeyBehind<"tab">} tab  which of the tabs is on screen
 * @property {Gate[]} pushed  the gates of the step of which the pushes are on screen
 * @property {Gate[]} pushedWhole  those of which all pushes are, not the largest only
 * @property {number | null} gradientStep  whose gradients are asked for; null: the last
 * @property {number | null} output  whose dependence is asked for; null: the largest
 * @property {boolean} integralOpen
 * @property {typeof choices.INTEGRAL_TARGETS[number]} integralTarget
 * @property {typeof choices.BASELINES[number]} baseline
 * @property {number} integralPoints
 * @property {Record<string, number>} thresholds  of the tab Health, those that differ from the usual ones
 * @property {Intervention[]} interventions  of the tab What if
 * @property {Change[]} changes  of its weights
 * @property {Start[]} initial  states that it starts from instead of 0
 * @property {Progress | null} silencing  how many units have been silenced in turn; null: it is not under way
 * @property {string | null} pinned  the inputs of the run to compare with, as an address writes them
 * @property {Record<string, Raw>} pinnedData  raw data of such runs by its fingerprint: never in the address
 * @property {number | null} tour  the stop of the guided tour, from 1; null: there is none
 * @property {boolean} isToBePlaced  whether its cursor is still to be set, when the run of its example is there
 * @property {Partial<State> | null} beforeTour  the view when it began, to be brought back
 * @property {Language} language
 * @property {"light" | "dark"} theme
 * @property {Partial<Record<RawSource, string>>} dataNames  the files of numbers and text, until these are edited
 * @property {NamedModel | null} sessionModel  the stored model that a session's file was of
 * @property {Record<string, string>} drafts  what was typed into a field and is no legal value, by field
 * @property {Listed[]} workspaces  while their menu is open
 * @property {string[]} refused  the parts of the address that were not understood, until something is chosen
 * @property {Signal[]} signals
 * @property {StoredModel[]} models
 * @property {ZooModel[]} zoo
 * @property {Record<string, number>} limits  of the server
 * @property {boolean} isCatalogued  whether signals, models and limits are known
 * @property {string | null} uploading  name of the file that is under way to the server
 * @property {Run | null} run
 * @property {Inputs | null} runInputs  what that run is of
 * @property {boolean} running
 * @property {{status: number, faults: Fault[]} | null} problem
 * @property {Record<string, Answered>} answers  of the server to the questions of the tabs, by their name
 * @property {number | null} unitToCome  the one to choose when the next run is there
 * @property {Point | null} hover  a passing preview of the cursor
 * @property {boolean} playing
 * @property {Key | null} notice  key of a short confirmation
 * @property {Message[]} messages  what happened, for a while
 * @property {boolean} isDropping  whether files are dragged over the page
 * @property {number} width  of the plots, in CSS pixels
 */
/** @typedef {ReturnType<typeof createStore<State>>} Store */

/**
 * @typedef {object} Names  how the parts of a run are called
 * @property {string | null} storedName
 * @property {string[] | null} vocabulary
 * @property {string | null} dataName
 */
/**
 * @typedef {Pick<State, typeof INPUTS[number]> & Names} Inputs  of a run, and what its model and its data are called
 */
/** @typedef {{type: "data", source: RawSource, data: string} | {type: "model", name: string | null}} Missing */
/**
 * @typedef {{name: string, text?: string, npy?: string}} Attachment  a file too large or too binary for the text field
 */
/** @typedef {{time: number, unit: number}} Point */
/**
 * @typedef {object} Answered
 * @property {any} answer  the last one stays while the question is asked anew
 * @property {Fault[]} faults
 * @property {boolean} asking
 */
/** @typedef {{layer: number, direction: typeof choices.DIRECTIONS[number]}} Place */
/**
 * @typedef {object} Held
 * @property {choices.Quantity} quantity
 * @property {number} value
 * @property {number[] | null} units  null: all
 * @property {number} first
 * @property {number | null} last  null: to the end
 * @property {boolean} [off]  it stays in the list and is not sent
 */
/** @typedef {Place & Held} Intervention */
/** @typedef {Place & {type: "forget_bias", value: number, units: number[] | null}} ForgetBias */
/**
 * @typedef {object} WeightEdit
 * @property {"weight"} type
 * @property {string} name  as torch.nn.LSTM calls it
 * @property {number} row
 * @property {number | null} column  null in a bias
 * @property {number} value
 */
/** @typedef {ForgetBias | WeightEdit} Change */
/**
 * @typedef {object} InitialValue  what stands there before the first step
 * @property {"cell_state" | "hidden_state"} quantity
 * @property {number} value
 * @property {number[] | null} units  null: all
 */
/** @typedef {Place & InitialValue} Start */
/** @typedef {{done: number, of: number}} Progress */
/**
 * @typedef {object} Message
 * @property {string} id
 * @property {Key} key  of its text
 * @property {Record<string, string | number>} context
 * @property {Fault} [fault]
 * @property {string} [undo]  the id of the model that can be brought back
 */

export {};
