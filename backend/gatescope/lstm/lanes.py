"""Several numbers in one register, for compiled loops: vectors are written out, not left to the compiler.

A `Lanes` value holds 32 bytes of numbers, eight float32 or four float64, on every processor; LLVM splits or joins them
to what the machine has. Arrays are addressed by the flat index of a number, without a check of bounds.
"""

import operator
import platform
from typing import Any

import llvmlite.ir as ir
from numba import extending, types
from numba.extending import models, overload, register_model

BYTES = 32
Emitted = tuple[Any, Any]
intrinsic: Any = extending.intrinsic  # turns what is called with types into what is called with values


class Lanes(types.Type):
    """The type of such a value for numba; ``dtype`` is that of one number."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        self.count = BYTES * 8 // dtype.bitwidth
        super().__init__(name=f"Lanes({dtype})")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, ir.VectorType(manager.lookup(lanes.dtype).get_value_type(), lanes.count))


@intrinsic
def width(typing: Any, array: Any) -> Emitted:
    """The number of values of an array's type that a register takes."""
    count = Lanes(array.dtype).count
    return types.intp(array), lambda context, _builder, _signature, _values: context.get_constant(types.intp, count)


@intrinsic
def announce(typing: Any, counters: Any, place: Any, value: Any) -> Emitted:
    """Sets a counter that another thread reads, after all that was written before."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        builder.store_atomic(values[2], builder.gep(data, [values[1]]), "release", align=8)
        return context.get_dummy_value()

    return types.none(counters, types.intp, types.int64), emit


@intrinsic
def announced(typing: Any, counters: Any, place: Any) -> Emitted:
    """A counter that another thread sets, before all that is read after."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        return builder.load_atomic(builder.gep(data, [values[1]]), "acquire", align=8)

    return types.int64(counters, types.intp), emit


@intrinsic
def pause(typing: Any) -> Emitted:
    """Lets a processor that waits for another thread rest for a moment, where there is an instruction for it."""

    def emit(context: Any, builder: Any, _: Any, __: Any) -> Any:
        if platform.machine().lower() in ("x86_64", "amd64"):
            _call(builder, "llvm.x86.sse2.pause", ir.VoidType(), [])
        return context.get_dummy_value()

    return types.none(), emit


@intrinsic
def load(typing: Any, array: Any, index: Any, count: Any) -> Emitted:
    """The numbers from ``index`` on; lanes from ``count`` on are zero."""
    lanes = Lanes(array.dtype)

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        vector = context.get_value_type(lanes)
        pointer = _pointer(context, builder, signature.args[0], values, vector)
        branches_read = []
        with builder.if_else(_is_whole(builder, values[2], lanes)) as branches:
            for branch, read in zip(branches, (_read, _read_part), strict=True):
                with branch:
                    branches_read.append((read(builder, pointer, values[2], vector, lanes), builder.basic_block))
        loaded = builder.phi(vector)
        for value, block in branches_read:
            loaded.add_incoming(value, block)
        return loaded

    return lanes(array, index, types.intp), emit


@intrinsic
def store(typing: Any, array: Any, index: Any, value: Any, count: Any) -> Emitted:
    """Writes the first ``count`` lanes from ``index`` on."""
    lanes = value

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        vector = context.get_value_type(lanes)
        pointer = _pointer(context, builder, signature.args[0], values, vector)
        with builder.if_else(_is_whole(builder, values[3], lanes)) as (whole, part):
            with whole:
                builder.store(values[2], pointer, align=array.dtype.bitwidth // 8)
            with part:
                name = f"llvm.masked.store.v{lanes.count}f{array.dtype.bitwidth}.p0"
                arguments = [values[2], pointer, _alignment(lanes), _mask(builder, values[3], lanes)]
                _call(builder, name, ir.VoidType(), arguments)
        return context.get_dummy_value()

    return types.none(array, index, value, types.intp), emit


@intrinsic
def spread(typing: Any, array: Any, index: Any) -> Emitted:
    """One number of an array in all lanes."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        lanes = signature.return_type
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        number = builder.load(builder.gep(data, [values[1]]))
        return _all(builder, context.get_value_type(lanes), number)

    return Lanes(array.dtype)(array, index), emit


@intrinsic
def prefetch(typing: Any, array: Any, index: Any) -> Emitted:
    """Asks for a line of memory that will be read soon; harmless where there is none."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        pointer = builder.gep(data, [values[1]])
        whole = ir.IntType(32)
        read, near, data_cache = ir.Constant(whole, 0), ir.Constant(whole, 3), ir.Constant(whole, 1)
        _call(builder, "llvm.prefetch.p0", ir.VoidType(), [pointer, read, near, data_cache])
        return context.get_dummy_value()

    return types.none(array, index), emit


@intrinsic
def fused(typing: Any, one: Any, other: Any, added: Any) -> Emitted:
    """``one · other + added`` with one rounding where the machine can."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        lanes = signature.return_type
        vector = context.get_value_type(lanes)
        return _call(builder, f"llvm.fmuladd.v{lanes.count}f{lanes.dtype.bitwidth}", vector, values)

    return one(one, other, added), emit


@intrinsic
def constant(typing: Any, like: Any, number: Any) -> Emitted:
    """A number in all lanes of a value like another."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _all(builder, context.get_value_type(like), context.cast(builder, values[1], number, like.dtype))

    return like(like, number), emit


@intrinsic
def where_larger(typing: Any, one: Any, other: Any, yes: Any, no: Any) -> Emitted:
    """In each lane ``yes`` where ``one > other``, else ``no``, which is also taken where one is not a number."""

    def emit(_: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", values[0], values[1]), values[2], values[3])

    return one(one, other, yes, no), emit


@intrinsic
def power_of_two(typing: Any, shifted: Any) -> Emitted:
    """2ⁿ for whole n, given as n plus 1.5 times the first number that has no room for a fraction."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        fraction_bits = {32: 23, 64: 52}[shifted.dtype.bitwidth]
        vector = context.get_value_type(shifted)
        whole = ir.VectorType(ir.IntType(shifted.dtype.bitwidth), shifted.count)
        one = builder.bitcast(ir.Constant(vector, [1.0] * shifted.count), whole)
        shift = ir.Constant(whole, [fraction_bits] * shifted.count)
        return builder.bitcast(builder.add(builder.shl(builder.bitcast(values[0], whole), shift), one), vector)

    return shifted(shifted), emit


@intrinsic
def add(typing: Any, one: Any, other: Any) -> Emitted:
    """Lane by lane."""
    return one(one, other), lambda _context, builder, _signature, values: builder.fadd(*values)


@intrinsic
def subtract(typing: Any, one: Any, other: Any) -> Emitted:
    """Lane by lane."""
    return one(one, other), lambda _context, builder, _signature, values: builder.fsub(*values)


@intrinsic
def multiply(typing: Any, one: Any, other: Any) -> Emitted:
    """Lane by lane."""
    return one(one, other), lambda _context, builder, _signature, values: builder.fmul(*values)


@intrinsic
def divide(typing: Any, one: Any, other: Any) -> Emitted:
    """Lane by lane."""
    return one(one, other), lambda _context, builder, _signature, values: builder.fdiv(*values)


def _between_lanes(function: Any) -> Any:
    def choose(one: Any, other: Any) -> Any:
        return (lambda one, other: function(one, other)) if isinstance(one, Lanes) and one == other else None

    return choose


for _sign, _function in {
    operator.add: add,
    operator.sub: subtract,
    operator.mul: multiply,
    operator.truediv: divide,
}.items():
    overload(_sign, strict=False)(_between_lanes(_function))


def _pointer(context: Any, builder: Any, array: Any, values: Any, vector: Any) -> Any:
    data = context.make_array(array)(context, builder, values[0]).data
    return builder.bitcast(builder.gep(data, [values[1]]), vector.as_pointer())


def _read(builder: Any, pointer: Any, _: Any, __: Any, lanes: Lanes) -> Any:
    return builder.load(pointer, align=lanes.dtype.bitwidth // 8)


def _read_part(builder: Any, pointer: Any, count: Any, vector: Any, lanes: Lanes) -> Any:
    name = f"llvm.masked.load.v{lanes.count}f{lanes.dtype.bitwidth}.p0"
    arguments = [pointer, _alignment(lanes), _mask(builder, count, lanes), ir.Constant(vector, None)]
    return _call(builder, name, vector, arguments)


def _is_whole(builder: Any, count: Any, lanes: Lanes) -> Any:
    return builder.icmp_signed(">=", count, ir.Constant(count.type, lanes.count))


def _mask(builder: Any, count: Any, lanes: Lanes) -> Any:
    numbers = ir.VectorType(count.type, lanes.count)
    places = ir.Constant(numbers, list(range(lanes.count)))
    return builder.icmp_signed("<", places, _all(builder, numbers, count))


def _all(builder: Any, vector: Any, number: Any) -> Any:
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(
        first, ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
    )


def _alignment(lanes: Lanes) -> Any:
    return ir.Constant(ir.IntType(32), lanes.dtype.bitwidth // 8)


def _call(builder: Any, name: str, returned: Any, values: Any) -> Any:
    function = builder.module.globals.get(name)
    if function is None:
        function = ir.Function(builder.module, ir.FunctionType(returned, [value.type for value in values]), name)
    return builder.call(function, values)
