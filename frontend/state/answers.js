/** The answers of the server as types, with their tensors decoded. */

/** @import {Place} from "./state.js" */
/** @import {Tensor} from "../base/tensor.js" */
/** @import {DIRECTIONS, Quantity} from "./choices.js" */

/**
 * @typedef {object} Run
 * @property {RunModel} model
 * @property {RunSequence} sequence
 * @property {Layer[]} layers  one for each layer and direction
 * @property {Output | null} output  null: the model has no read-out
 * @property {Agreement | null} agreement  null with interventions
 */
/**
 * @typedef {object} RunModel
 * @property {string} type
 * @property {number} input_size
 * @property {number} hidden_size
 * @property {number} proj_size
 * @property {number} num_layers
 * @property {boolean} bidirectional
 * @property {string} initialisation
 * @property {number | null} forget_bias
 * @property {number} seed
 * @property {string | null} [front]
 * @property {Record<string, Tensor>} state_dict
 */
/**
 * @typedef {object} RunSequence
 * @property {string} type
 * @property {number} steps
 * @property {string[]} features  the names of those that the model read
 * @property {string[]} columns  the names of all
 * @property {string[] | null} characters  null: it is no text
 * @property {Tensor | null} quantity  what the task asks a model to remember
 * @property {Tensor} values
 * @property {{method: string, offset: number[], scale: number[]}} scaling
 */
/** @typedef {{hidden_state: Tensor, cell_state: Tensor}} InitialState */
/** @typedef {Place & {initial_state: InitialState} & Record<Quantity, Tensor>} Layer */
/**
 * @typedef {object} Output
 * @property {"probability" | "value"} kind
 * @property {string[]} names
 * @property {Tensor} values
 * @property {Tensor | null} targets
 */
/**
 * @typedef {object} Agreement  the largest differences from the reference
 * @property {string} reference
 * @property {number} hidden_state
 * @property {number} cell_state
 * @property {number} largest
 * @property {number} tolerance
 */
/**
 * @typedef {object} Fault
 * @property {string} field
 * @property {string} message  in English
 * @property {string} [code]  its text is `error.<code>`
 * @property {Record<string, string | number | string[]>} [context]
 */
/**
 * @typedef {object} Signal
 * @property {string} name
 * @property {Parameter[]} parameters
 * @property {boolean} uses_seed
 * @property {number | null} max_steps
 */
/** @typedef {{name: string, default: number, minimum: number, maximum: number}} Parameter */
/**
 * @typedef {object} ZooModel
 * @property {string} name
 * @property {number} hidden_size
 * @property {string[]} features
 * @property {string[]} outputs
 * @property {"next_token" | "value"} output_kind
 * @property {Record<string, number | null> & {unit: number}} claim
 */
/**
 * @typedef {object} StoredModel
 * @property {string} id
 * @property {string} name
 * @property {string} file_name
 * @property {StoredLSTM[]} lstms
 * @property {Record<string, string>} unsupported  the kind of each other recurrent part
 * @property {string[] | null} vocabulary
 * @property {number} [omitted]  how many more recurrent parts the file had
 * @property {"description" | "tensors" | null} [damaged]  which file of the model cannot be used
 */
/**
 * @typedef {object} StoredLSTM
 * @property {string} name
 * @property {number} input_size
 * @property {number} hidden_size
 * @property {number} proj_size
 * @property {number} num_layers
 * @property {boolean} bidirectional
 * @property {Record<string, number>} fronts  sizes of the vocabularies of embeddings that fit
 * @property {Record<string, number>} read_outs  sizes of the outputs of linear layers that fit
 */
/** @typedef {{units: RankedUnit[], chance: number}} Ranking */
/**
 * @typedef {object} RankedUnit
 * @property {number} layer
 * @property {typeof DIRECTIONS[number]} direction
 * @property {number} unit
 * @property {number} correlation
 * @property {number} held_out
 */

export {};
