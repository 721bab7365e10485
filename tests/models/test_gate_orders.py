import pytest
import torch

from gatescope.models.gate_orders import KERAS, ONNX, PYTORCH, Order, repack


@pytest.mark.parametrize("order", [PYTORCH, KERAS, ONNX])
def test_the_rows_of_each_gate_go_to_its_place_in_pytorch(order: Order) -> None:
    packed = torch.tensor([PYTORCH.index(gate) for gate in order]).repeat_interleave(2)[:, None]  # (4H, 1)
    assert repack(packed, order).flatten().tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_rows_that_four_gates_cannot_share_are_no_gates() -> None:
    with pytest.raises(ValueError, match=r"\(6, 2\) does not hold four gates"):
        repack(torch.zeros(6, 2), ONNX)
