"""Models of strangers, as their authors write, train a little and save them, and sequences for them."""

import datetime
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

SPEECH = "Before we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n"
SENTENCE = "the old man reads a letter , and Zaphod smiles ; the cat , a friend , reads the letter ."


class CharRNN(nn.Module):
    """As in tutorials after Karpathy's char-rnn: an embedding, two layers, a linear layer over the characters."""

    def __init__(self, n_chars: int, hidden_size: int = 128, n_layers: int = 2) -> None:
        super().__init__()
        self.encoder = nn.Embedding(n_chars, hidden_size)
        self.rnn = nn.LSTM(hidden_size, hidden_size, n_layers, dropout=0.2)
        self.decoder = nn.Linear(hidden_size, n_chars)

    def forward(self, inp: Tensor) -> Tensor:
        output, _ = self.rnn(self.encoder(inp))
        logits: Tensor = self.decoder(output)
        return logits


class Forecaster(nn.Module):
    """Of three columns the next value of the first."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 32, 2, batch_first=True, dropout=0.1)
        self.fc = nn.Linear(32, 1)

    def forward(self, x: Tensor) -> Tensor:
        out, _ = self.lstm(x)
        logits: Tensor = self.fc(out)
        return logits


class BiLSTMTagger(nn.Module):
    """A tag for each word, from both sides."""

    def __init__(self, vocab_size: int, tagset_size: int) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 12, num_layers=2, bidirectional=True)
        self.hidden2tag = nn.Linear(2 * 12, tagset_size)

    def forward(self, sentence: Tensor) -> Tensor:
        lstm_out, _ = self.lstm(self.word_embeddings(sentence))
        logits: Tensor = self.hidden2tag(lstm_out)
        return logits


@dataclass(frozen=True)
class Stranger:
    """A model of a stranger, and what a reader gives it on the page.

    file: as `torch.save` wrote it; recurrent: its LSTM; entered: what enters that, (T, I); read: from the hidden states
    of the last layer to the output, (T, O); vocabulary and text, or table: what else is given.
    """

    file: Path
    recurrent: nn.LSTM
    entered: Tensor
    read: Callable[[Tensor], Tensor]
    vocabulary: Path | None = None
    text: str = ""
    table: Path | None = None

    def output(self, entered: Tensor) -> Tensor:
        """What the original modules make of it, (T, O)."""
        output: Tensor = self.read(self.recurrent(entered)[0])
        return output

    def hidden_states(self, changed: Mapping[str, Tensor] | None = None) -> dict[tuple[int, str], Tensor]:
        """h of each layer and direction, (T, H), by `torch.nn.LSTM` alone; with some of its tensors changed."""
        tensors = {**self.recurrent.state_dict(), **(changed or {})}
        x = self.entered
        found: dict[tuple[int, str], Tensor] = {}
        for layer in range(self.recurrent.num_layers):
            single = nn.LSTM(x.shape[-1], self.recurrent.hidden_size, bidirectional=self.recurrent.bidirectional)
            names = single.state_dict()
            single.load_state_dict({name: tensors[name.replace("_l0", f"_l{layer}")] for name in names})
            with torch.inference_mode():
                x = single(x)[0]  # (T, D·H)
            halves = x.split(self.recurrent.hidden_size, dim=-1)
            found |= {(layer, name): half for name, half in zip(("forward", "backward"), halves, strict=False)}
        return found


def char_rnn(folder: Path) -> Stranger:
    """Karpathy's kind, saved as a bare state dict beside its characters."""
    torch.manual_seed(0)
    chars = sorted(set(SPEECH))
    char_to_ix = {ch: i for i, ch in enumerate(chars)}
    ids = torch.tensor([char_to_ix[ch] for ch in SPEECH])
    model = CharRNN(len(chars))
    _train(model, lambda: nn.functional.cross_entropy(model(ids[:-1]), ids[1:]), steps=8)
    torch.save(model.state_dict(), folder / "char-rnn.pth")
    (folder / "chars.json").write_text(json.dumps(char_to_ix), encoding="utf-8")
    entered = model.encoder(ids).detach()
    return Stranger(
        folder / "char-rnn.pth",
        model.rnn,
        entered,
        lambda h: model.decoder(h).softmax(-1),
        folder / "chars.json",
        SPEECH,
    )


def forecaster(folder: Path) -> Stranger:
    """A regression, saved as Lightning saves a checkpoint, with a CSV whose first column is a date."""
    torch.manual_seed(0)
    start = datetime.date(2024, 1, 1)
    rows = [
        (8 * math.sin(day / 9) + day / 30, 60 + 20 * math.cos(day / 9), 1013 + 5 * math.sin(day / 5))
        for day in range(90)
    ]
    values = torch.tensor(rows)  # (T, 3)
    standard = (values - values.mean(0)) / values.std(0, unbiased=False)
    lines = [
        f"{start + datetime.timedelta(days=day)},{','.join(map(str, row))}" for day, row in enumerate(values.tolist())
    ]
    (folder / "weather.csv").write_text("\n".join(["date,temperature,humidity,pressure", *lines, ""]), encoding="utf-8")
    model = Forecaster()
    _train(model, lambda: nn.functional.mse_loss(model(standard[None, :-1])[0], standard[1:, :1]), steps=8)
    checkpoint = {
        "epoch": 7,
        "global_step": 8,
        "pytorch-lightning_version": "2.4.0",
        "state_dict": {f"model.{name}": tensor for name, tensor in model.state_dict().items()},
        "loops": {},
        "callbacks": {},
        "optimizer_states": [torch.optim.Adam(model.parameters()).state_dict()],
        "lr_schedulers": [],
        "hyper_parameters": {"lr": 1e-2, "hidden_size": 32},
    }
    torch.save(checkpoint, folder / "epoch=7-step=8.ckpt")
    return Stranger(folder / "epoch=7-step=8.ckpt", model.lstm, standard, model.fc, table=folder / "weather.csv")


def tagger(folder: Path) -> Stranger:
    """Words in, a tag for each out; it reads from both sides, and knows not all words."""
    torch.manual_seed(0)
    known = sorted(set(SENTENCE.split()) - {"Zaphod"})
    word_to_ix = {"<pad>": 0, "<unk>": 1, **{word: number for number, word in enumerate(known, start=2)}}
    ids = torch.tensor([word_to_ix.get(word, 1) for word in SENTENCE.split()])
    model = BiLSTMTagger(len(word_to_ix), 5).eval()
    torch.save({"model_state_dict": model.state_dict(), "tag_to_ix": {"DET": 0, "NN": 1}}, folder / "tagger.pt")
    (folder / "words.json").write_text(json.dumps(word_to_ix), encoding="utf-8")
    entered = model.word_embeddings(ids).detach()
    return Stranger(folder / "tagger.pt", model.lstm, entered, model.hidden2tag, folder / "words.json", SENTENCE)


STRANGERS: dict[str, Callable[[Path], Stranger]] = {"char_rnn": char_rnn, "forecaster": forecaster, "tagger": tagger}


def _train(model: nn.Module, loss: Callable[[], Tensor], steps: int) -> None:
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    model.eval()
