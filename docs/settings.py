"""Prints the table of `docs/settings.md` from the settings themselves: `scripts/settings`."""

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from gatescope.web.settings import Settings, environment_variables


def rows() -> Iterator[str]:
    """The table in Markdown, line by line."""
    yield "| variable | default | meaning |"
    yield "| --- | --- | --- |"
    for (name, meaning), field in zip(environment_variables().items(), Settings.model_fields.values(), strict=True):
        yield f"| `{name}` | {_default(field)} | {meaning} |"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "depends on the machine"
    if field.default == "":
        return "none"
    return f"`{','.join(field.default) if isinstance(field.default, tuple) else field.default}`"


if __name__ == "__main__":
    print("\n".join(rows()))
