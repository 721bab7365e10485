"""Writes Keras files and what Keras itself computes with them; run by a test in a process of its own.

python keras_reference.py FOLDER
"""

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers


def lstm(units: int, **options: object) -> layers.Layer:
    return layers.LSTM(
        units, return_sequences=True, bias_initializer="random_normal", recurrent_initializer="random_normal", **options
    )


MODELS = {
    "plain": [keras.Input((None, 3)), lstm(4)],
    "without_bias": [keras.Input((None, 3)), lstm(4, use_bias=False)],
    "bidirectional": [keras.Input((None, 3)), layers.Bidirectional(lstm(4))],
    "stacked": [keras.Input((None, 3)), lstm(4), layers.Dropout(0.5), lstm(4)],
    "unequal": [keras.Input((None, 3)), lstm(4), lstm(5)],
    "text": [keras.Input((None,)), layers.Embedding(7, 3), lstm(4), layers.Dense(7)],
    "others": [keras.Input((None, 3)), layers.GRU(4, return_sequences=True), layers.SimpleRNN(4)],
    "relu": [keras.Input((None, 3)), lstm(4, activation="relu")],
    "hard": [keras.Input((None, 3)), lstm(4, recurrent_activation="hard_sigmoid")],
    "summed": [keras.Input((None, 3)), layers.Bidirectional(lstm(4), merge_mode="sum")],
    "turned": [keras.Input((None, 3)), lstm(4, go_backwards=True)],
}


def main(folder: Path) -> None:
    keras.utils.set_random_seed(0)
    generator = np.random.default_rng(0)
    numbers, tokens = generator.normal(size=(1, 20, 3)).astype("float32"), generator.integers(0, 7, (1, 20))
    np.savez(folder / "inputs.npz", numbers=numbers[0], tokens=tokens[0])
    for name, parts in MODELS.items():
        model = keras.Sequential(parts, name=name)
        model.save(folder / f"{name}.keras")
        model.save_weights(folder / f"{name}.weights.h5")
        output = model.predict(tokens if name == "text" else numbers, verbose=0)
        np.save(folder / f"{name}.npy", output[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
