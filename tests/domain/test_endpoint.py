"""Where words may go is read from the host in the address alone, and no address has two readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.endpoint import NotAnEndpoint, Place, endpoint, host_named

TRUSTED = ("llm.example.kr", "10.0.0.7")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:8000/v1", Place.HERE),
        ("http://localhost:11434/v1/", Place.HERE),
        ("http://LOCALHOST/v1", Place.HERE),
        ("http://[::1]:8080/v1", Place.HERE),
        ("http://[0:0:0:0:0:0:0:1]/v1", Place.HERE),
        ("https://llm.example.kr/v1", Place.TRUSTED),
        ("https://LLM.Example.KR:8443/v1", Place.TRUSTED),
        ("http://10.0.0.7:8000/v1", Place.TRUSTED),
        ("https://api.openai.com/v1", Place.ABROAD),
        ("https://evil.llm.example.kr/v1", Place.ABROAD),
        ("https://llm.example.kr.evil.example/v1", Place.ABROAD),
        ("https://xllm.example.kr/v1", Place.ABROAD),
        ("https://example.kr/v1", Place.ABROAD),
        ("http://127.0.0.2/v1", Place.ABROAD),
        ("http://10.0.0.70/v1", Place.ABROAD),
        ("http://0.0.0.0/v1", Place.ABROAD),
        ("http://[::ffff:127.0.0.1]/v1", Place.ABROAD),
        ("http://localhost.example/v1", Place.ABROAD),
        ("http://127.0.0.1.example/v1", Place.ABROAD),
    ],
)
def test_only_the_whole_host_counts(url: str, place: Place) -> None:
    assert endpoint(url).place(TRUSTED) is place


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1@evil.example/v1",
        "http://user:secret@llm.example.kr/v1",
        "http://127.0.0.1:pass@evil.example/v1",
        "http://evil.example\\@127.0.0.1/v1",
        "http://127.0.0.1\\.evil.example/v1",
        "http://127.0.0.1 .evil.example/v1",
        "http://127.0.0.1\t/v1",
        "http://127.0.0.1\n.evil.example/v1",
        "http://127.0.0.1#@evil.example/",
        "http://127.0.0.1?x=@evil.example/",
        "http://127.1/v1",
        "http://2130706433/v1",
        "http://0x7f000001/v1",
        "http://0x7f.0x0.0x0.0x1/v1",
        "http://localhost./v1",
        "http://loc%61lhost/v1",
        "http://[::1%25lo]/v1",
        "http://ｌocalhost/v1",
        "http://①②⑦.0.0.1/v1",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "//127.0.0.1/v1",
        "127.0.0.1:8000/v1",
        "http:///v1",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1:0/v1",
        "http://127.0.0.1:x/v1",
        "http://-a.example/v1",
        "",
    ],
)
def test_what_two_readers_could_read_differently_is_no_endpoint(url: str) -> None:
    with pytest.raises(NotAnEndpoint):
        endpoint(url)


@given(st.text(max_size=40), st.sampled_from(["", "@", ".", "/", "\\", "#", "?", ":"]))
def test_no_text_before_or_behind_makes_a_foreign_host_ours(text: str, mark: str) -> None:
    for url in (f"http://{text}{mark}evil.example/v1", f"http://evil.example{mark}{text}"):
        try:
            assert endpoint(url).place(TRUSTED) is Place.ABROAD or "evil.example" not in endpoint(url).host
        except NotAnEndpoint:
            continue
        assert endpoint(url).place(()) is Place.ABROAD or url.startswith(
            ("http://localhost/", "http://127.0.0.1/")
        )


@pytest.mark.parametrize(("name", "host"), [(" LLM.example.kr ", "llm.example.kr"), ("[::1]", "::1")])
def test_a_host_in_the_list_is_compared_in_one_form(name: str, host: str) -> None:
    assert host_named(name) == host


@pytest.mark.parametrize(
    "name", ["https://llm.example.kr", "llm.example.kr:8000", "*.example.kr", ".example.kr", ""]
)
def test_a_list_of_hosts_holds_whole_names(name: str) -> None:
    with pytest.raises(NotAnEndpoint):
        host_named(name)
