"""The command ``gatescope``: serves the page and the API, or trains one of the shipped models."""

import argparse
import gc
import ipaddress
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn
from pydantic import ValidationError

from gatescope import __version__
from gatescope.training import TASKS
from gatescope.training.command import train_command
from gatescope.web.app import SEND_SECONDS, create_app
from gatescope.web.guards.token import PARAMETER
from gatescope.web.settings import Settings, environment_variables

SHUTDOWN_SECONDS = 1  # for what runs to end by itself; what is stopped then ends soon after
BACKLOG = 128
OPEN = (
    "warning: whoever reaches this computer at {host} can use the server, and see, upload and delete its models; "
    "--token auto asks them for a token"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with ``arguments`` (those of the process by default) and return its exit code."""
    options = command_line().parse_args(arguments)
    if options.command == "train":
        return train_command(options.task, options.seed, options.steps, options.output)
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    given = {name: value for name in ("host", "port", "token") if (value := getattr(options, name)) is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        return _fail(_first_mistake(error))
    try:
        listener = _listen(settings)
    except OSError as error:
        return _fail(f"cannot listen on {settings.host} port {settings.port}: {error.strerror or error}")
    with listener:
        app = create_app(settings)
        gc.freeze()  # the libraries stay, so that no collection has to walk through them while every request waits
        if not settings.token and not _is_loopback(listener):
            print(f"gatescope: {OPEN.format(host=settings.host)}", file=sys.stderr, flush=True)
        configuration = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS)
        address = f"Gatescope {__version__} is at {_address(listener)}{_visit(settings)} (Ctrl+C stops it)"
        with suppress(KeyboardInterrupt):
            _Server(configuration, address).run(sockets=[listener])
    return 0


class _Server(uvicorn.Server):
    """Says its address when it answers there and listens to signals: one that comes earlier may be lost."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._address, flush=True)


def command_line() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="gatescope", description=__doc__)
    parser.add_argument("--version", action="version", version=f"gatescope {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    serve = commands.add_parser(
        "serve",
        help="serve the page and the API",
        description="Serve the page and the API.",
        epilog="\n".join(
            ["environment variables:", *(f"  {name}: {text}" for name, text in environment_variables().items())]
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--host", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (8000)")
    serve.add_argument("--token", help="what everyone is asked for; auto draws one and prints the address with it")
    training = commands.add_parser(
        "train",
        help="train one of the shipped models anew",
        description="Train one of the shipped models anew, and compare what it can do with the shipped one.",
    )
    training.add_argument("task", choices=sorted(TASKS), help="what to learn")
    training.add_argument("--seed", type=int, help="of the weights and inputs (that of the shipped model)")
    training.add_argument("--steps", type=int, help="of gradient descent (those of the shipped model)")
    training.add_argument("--output", type=Path, help="safetensors file to write")
    return parser


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, so that asyncio turns Nagle's algorithm off; without it small answers take 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere the option lets two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # else what a client never takes stays in the system's buffers
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(SEND_SECONDS * 1000))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"


def _visit(settings: Settings) -> str:
    """What follows the address on a first visit of the page; a token that someone chose stays out of the log."""
    return f"/?{PARAMETER}={settings.token}" if settings.token_is_drawn else ""


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors(include_url=False)[0]
    name = "GATESCOPE_" + "_".join(str(step) for step in mistake["loc"]).upper()
    return f"{name}: {mistake['msg']}"


def _fail(message: str) -> int:
    print(f"gatescope: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
