import pytest
from pydantic import ValidationError

from gatescope.web.settings import Settings, environment_variables


def test_every_setting_is_read_from_its_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment_variables():
        monkeypatch.setenv(name, "77")
    settings = Settings()
    assert {str(value) for name, value in settings if name != "allowed_hosts"} == {"77"}
    assert settings.allowed_hosts == ("77",)


def test_an_argument_stands_above_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATESCOPE_PORT", "9000")
    assert Settings(port=9001).port == 9001


def test_an_empty_variable_leaves_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATESCOPE_MAX_STEPS", "")
    assert Settings().max_steps == 20_000


def test_allowed_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATESCOPE_ALLOWED_HOSTS", "gates.example, [::1],")
    assert Settings(host="0.0.0.0").allowed_hosts == ("gates.example", "[::1]")  # noqa: S104


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "[2001:db8::1]"), ("[2001:db8::1]", "[2001:db8::1]")],
)
def test_a_specific_address_listened_on_is_an_allowed_host(host: str, allowed: str) -> None:
    assert Settings(host=host).allowed_hosts[-1] == allowed


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]"])  # noqa: S104
def test_listening_everywhere_allows_no_further_host(host: str) -> None:
    assert Settings(host=host).allowed_hosts == Settings().allowed_hosts


@pytest.mark.parametrize("host", ["http://localhost", "::1", "a b", "[::z]"])
def test_what_is_no_host_name_cannot_be_allowed(host: str) -> None:
    with pytest.raises(ValidationError, match="is no host name"):
        Settings(allowed_hosts=(host,))


@pytest.mark.parametrize("name", ["MAX_STEPS", "MAX_HIDDEN_SIZE", "MAX_FEATURES", "MAX_ANSWER_CELLS", "WORKERS"])
def test_a_limit_below_one_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"GATESCOPE_{name}", "0")
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        Settings()


@pytest.mark.parametrize("description", environment_variables().values(), ids=environment_variables())
def test_every_setting_is_described(description: str) -> None:
    assert description.endswith(".")


def test_a_token_is_drawn_anew_for_each_start() -> None:
    one, other = Settings(token="auto"), Settings(token="auto")  # noqa: S106
    assert one.token != other.token
    assert len(one.token) >= 32
    assert one.token_is_drawn
    assert one.token not in repr(one)


@pytest.mark.parametrize("token", ["two words", "열쇠", "a\n"])
def test_a_token_that_fits_no_header_is_refused(token: str) -> None:
    with pytest.raises(ValidationError, match="no spaces"):
        Settings(token=token)
