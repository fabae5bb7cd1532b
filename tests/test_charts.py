"""An answer's figures as a picture: bars of text in a terminal, and a PNG."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pexpect
import pytest
from conftest import ROOT
from wcwidth import wcswidth

from chatbot import Bar, Chart, ChatbotError, Citation, Reply, ReplyKind
from chatbot.cli import main
from chatbot.cli.commands import Session, dispatch
from chatbot.live.settings import Settings
from chatbot.showing import plot
from chatbot.showing.chart import chart_lines
from chatbot.showing.render import DIM, Style, render

SOURCE = Citation(
    "guild", "Pay of bakers", "Guild of Bakers", None, "2025-03", "Table 1", "https://example.org/pay", None
)
PAY = Chart(
    "Pay of bakers",
    "USD a year",
    (Bar("lowest", 25_000, "$25,000"), Bar("median", 50_000, "$50,000"), Bar("top", 100_000, "$100,000")),
)
LONG = Chart(
    "Pay",
    "USD a year",
    (
        Bar("Bakers, Except Those Who Only Decorate, and All Others", 9, "at least $9"),
        Bar("パン屋さんの親方と徒弟たち", 3, "$3"),
    ),
)


def reply(chart: Chart | None = PAY, kind: ReplyKind = ReplyKind.ANSWER) -> Reply:
    cited = (SOURCE,) if kind is ReplyKind.ANSWER else ()
    return Reply(
        kind, "A baker earns $50,000 a year.", ("baking/pay",) if cited else (), cited, 0.9, chart=chart
    )


def cells(line: str) -> float:
    """How many columns of a line are bar."""
    return sum(1 if c in "█#" else "▏▎▍▌▋▊▉".find(c) / 8 + 1 / 8 for c in line if c in "█#▏▎▍▌▋▊▉")


# bars of text


def test_the_figures_of_an_answer_stand_under_it_as_bars_from_zero() -> None:
    lines = render(reply(), Style(80)).splitlines()
    assert lines[0] == "A baker earns $50,000 a year."
    assert lines[1] == "  Pay of bakers (USD a year)"
    assert lines[5].startswith("  Source: Guild of Bakers")
    assert [cells(line) for line in lines[2:5]] == [10, 20, 40]
    assert [line.split()[0] for line in lines[2:5]] == ["lowest", "median", "top"]
    assert [line.split()[-1] for line in lines[2:5]] == ["$25,000", "$50,000", "$100,000"]
    assert len({len(line) for line in lines[2:5]}) == 1, "the figures end in one column"
    assert len({line.index("█") for line in lines[2:5]}) == 1, "the bars begin in one column"


@pytest.mark.parametrize("width", range(20, 101))
@pytest.mark.parametrize("chart", [PAY, LONG], ids=["short", "long"])
@pytest.mark.parametrize("blocks", [True, False])
def test_no_line_is_wider_than_the_terminal(width: int, chart: Chart, blocks: bool) -> None:
    lines = chart_lines(chart, width, blocks)
    assert all(0 < wcswidth(line) <= width for line in lines)
    bars = lines[-len(chart.bars) :]
    if width >= 26:
        assert [line.endswith(bar.shown) for line, bar in zip(bars, chart.bars, strict=True)] == [True] * len(
            bars
        ), "no figure is cut"
    assert len({wcswidth(line) for line in bars}) <= 1


def test_long_labels_end_in_an_ellipsis() -> None:
    baker, wide = chart_lines(LONG, 50)[-2:]
    assert baker.split("…")[0].strip() and LONG.bars[0].label.startswith(baker.split("…")[0].strip())
    assert LONG.bars[1].label.startswith(wide.split("…")[0].strip())
    assert "..." in chart_lines(LONG, 50, blocks=False)[-2]


def test_ascii_where_the_terminal_has_no_blocks() -> None:
    lines = chart_lines(PAY, 80, blocks=False)
    assert all(line.isascii() for line in lines)
    assert [cells(line) for line in lines[1:]] == [10, 20, 40]


@pytest.mark.parametrize(
    ("count", "bars", "more"), [(0, 0, ""), (1, 0, ""), (2, 2, ""), (12, 12, ""), (13, 12, "  and 1 more")]
)
def test_two_to_twelve_bars(count: int, bars: int, more: str) -> None:
    lines = chart_lines(Chart("t", "kg", tuple(Bar(f"b{i}", i + 1, f"{i + 1} kg") for i in range(count))), 80)
    assert sum(" kg" in line for line in lines) == bars
    assert (lines[-1] if more else "") == more


def test_odd_figures_have_no_bar_and_are_still_printed() -> None:
    values = [0.0, -5.0, float("nan"), float("inf"), 0.001, 100.0]
    lines = chart_lines(Chart("t", "", tuple(Bar("b", value, f"{value}") for value in values)), 80)[1:]
    assert [cells(line) for line in lines] == [0, 0, 0, 0, 1 / 8, 40]
    assert [line.split()[-1] for line in lines] == [str(value) for value in values]
    assert not any(map(cells, chart_lines(Chart("t", "", (Bar("a", 0, "0"), Bar("b", 0, "0"))), 80)))


def test_control_characters_of_data_never_reach_the_screen() -> None:
    chart = Chart("t\x1b[2J", "u\x07", (Bar("a\x1b[31m\n", 1, "1\x9b"), Bar("b\u202e", 2, "2\r")))
    assert all(line.isprintable() for line in chart_lines(chart, 80))


PRINTS = """
import sys
sys.path.insert(0, {tests!r})
from test_charts import reply
from chatbot.showing.render import Style, render
print(render(reply(), Style.of_stdout(True)))
"""


@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "█"), ("ascii:replace", "#")])
def test_in_a_terminal_the_bars_are_quiet_and_of_what_its_encoding_has(encoding: str, bar: str) -> None:
    env = os.environ | {"TERM": "xterm", "PYTHONIOENCODING": encoding}
    told = pexpect.run(
        f'{sys.executable} -c "{PRINTS.format(tests=str(ROOT / "tests"))}"',
        env=env,
        cwd=str(ROOT),
        timeout=90,
    ).decode()
    (line,) = [line for line in told.splitlines() if "median" in line and bar in line]
    assert line.startswith(DIM)


def test_on_a_pipe_there_are_no_bars() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PRINTS.format(tests=str(ROOT / "tests"))],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert told.stdout.decode().splitlines()[0] == "A baker earns $50,000 a year."
    assert "lowest" not in told.stdout.decode()
    assert render(reply(), Style(0)) == render(reply(None), Style(0))


def test_a_reply_with_a_chart_keeps_to_its_schema() -> None:
    schema = json.loads((ROOT / "docs" / "reply.schema.json").read_text(encoding="utf-8"))
    for each in (reply(), reply(None)):
        jsonschema.validate(json.loads(json.dumps(each.to_dict())), schema)
    broken = reply().to_dict()
    broken["chart"]["bars"][0] = {"label": "lowest"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(broken)), schema)


# pictures


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run ``chatbot ask`` with a bot that gives one reply; gives the exit status, stdout and stderr."""

    def call(given: Reply, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(
            Settings, "bot_with_bar", lambda self: SimpleNamespace(ask=lambda question: given)
        )
        monkeypatch.setattr(sys, "argv", ["chatbot", "ask", *arguments, "pay of a baker"])
        with pytest.raises(SystemExit) as left:
            main.main()
        return (int(left.value.code or 0), *capsys.readouterr())

    return call


def test_the_lengths_of_the_bars_are_the_figures(asked, tmp_path: Path) -> None:
    from matplotlib.image import imread

    file = tmp_path / "pay.png"
    status, out, err = asked(reply(), "--plot", str(file))
    assert (status, out.splitlines()[0], err) == (0, "A baker earns $50,000 a year.", f"Written: {file}\n")
    image = imread(file)[:, :, :3]
    colour = [int(part, 16) / 255 for part in ("4c", "78", "a8")]
    lengths = (abs(image - colour).max(axis=2) < 0.01).sum(axis=1)
    found = [
        int(n)
        for i, n in enumerate(lengths)
        if n and n != lengths[i - 1] and n == lengths[min(i + 3, len(lengths) - 1)]
    ]
    shortest, middle, longest = found
    assert middle == pytest.approx(2 * shortest, abs=3) and longest == pytest.approx(4 * shortest, abs=5)


@pytest.mark.filterwarnings("ignore:Glyph")  # of the wide characters; they are drawn as boxes
@pytest.mark.parametrize("chart", [PAY, LONG], ids=["short", "long"])
def test_what_a_picture_says_is_all_inside_it(chart: Chart) -> None:
    figure = plot._bars(chart, "Source: Guild of Bakers: Pay of bakers (2025-03). " * 5)
    figure.savefig(io.BytesIO(), format="png")
    (axes,) = figure.axes
    texts = [*axes.get_yticklabels(), *axes.texts, axes.xaxis.label, figure._suptitle, figure._supxlabel]  # type: ignore[attr-defined]
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, text
    said = [text.get_text() for text in texts]
    assert [bar.shown for bar in chart.bars] == [text.get_text() for text in axes.texts]
    assert chart.title in said and chart.unit in said
    assert said[-1].startswith("Source: Guild of Bakers: Pay of bakers (2025-03)")
    assert axes.get_xlim()[0] == 0
    top, bottom = (
        label.get_window_extent().y0 for label in (axes.get_yticklabels()[0], axes.get_yticklabels()[-1])
    )
    assert top > bottom, "the first is on top"


def test_two_dollar_signs_are_no_formula() -> None:
    chart = Chart("From $1 to $2 a_b", "USD", (Bar("$1 to $2", 1, "$1 to $2"), Bar("b^2", 2, "$2, not $1")))
    figure = plot._bars(chart, "$1 and $2")
    figure.savefig(io.BytesIO(), format="png")
    (axes,) = figure.axes
    for text in (*axes.get_yticklabels(), *axes.texts, figure._suptitle, figure._supxlabel):  # type: ignore[attr-defined]
        assert not text.get_parse_math()


def test_ask_replaces_a_picture_and_the_json_stays_whole(asked, tmp_path: Path) -> None:
    file = tmp_path / "pay.png"
    file.write_bytes(b"old")
    status, out, _ = asked(reply(), "--json", "--plot", str(file))
    assert status == 0 and json.loads(out)["chart"]["bars"][1]["shown"] == "$50,000"
    assert file.read_bytes().startswith(b"\x89PNG") and [path.name for path in tmp_path.glob("*.*")] == [
        "pay.png"
    ]


@pytest.mark.parametrize(
    ("kind", "status"), [(ReplyKind.ANSWER, 0), (ReplyKind.SMALLTALK, 0), (ReplyKind.UNKNOWN, 1)]
)
def test_with_nothing_to_draw_the_status_is_the_reply_s(
    asked, tmp_path: Path, kind: ReplyKind, status: int
) -> None:
    file = tmp_path / "pay.png"
    file.write_bytes(b"old")
    found, out, err = asked(reply(None, kind), "--plot", str(file))
    assert (found, out.splitlines()[0]) == (status, "A baker earns $50,000 a year.")
    assert (
        err
        == f"chatbot: there is nothing to draw: the reply has no figures side by side; {file} was not written\n"
    )
    assert file.read_bytes() == b"old"


BAD = [
    ("pay.pdf", "must end in .png"),
    ("no/pay.png", "the folder {0}/no is not there"),
    ("folder.png", "this is a folder"),
]


@pytest.mark.parametrize(("name", "message"), BAD)
def test_where_no_picture_can_be_is_said_before_anything_is_asked(
    asked, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    status, out, err = asked(reply(), "--plot", str(tmp_path / name))
    assert (status, out) == (2, "")
    assert message.format(tmp_path) in err and err.count("\n") == 1


def test_without_matplotlib_one_line_says_how_to_get_it(
    asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot.importlib.util, "find_spec", lambda name: None)  # type: ignore[attr-defined]
    status, out, err = asked(reply(), "--plot", str(tmp_path / "pay.png"))
    assert (status, out) == (2, "")
    assert (
        err
        == "chatbot: --plot needs matplotlib, which is not installed; run: pip install 'career-chatbot[plot]'\n"
    )


def test_a_picture_that_can_t_be_put_there_leaves_nothing_behind(
    asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    folder = tmp_path / "pictures"
    folder.mkdir()
    status, out, err = asked(reply(), "--plot", str(folder / "pay.png"))
    assert status == 2 and err.endswith("pay.png: can't be written (No space left on device)\n")
    assert out.startswith("A baker earns"), "the answer is there all the same"
    assert not list(folder.iterdir())


def test_in_the_conversation_plot_draws_the_last_reply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nothing: Any = None
    session = Session(nothing, nothing, Style(80), nothing, nothing)
    assert dispatch(session, "/plot pay.png") == ["Nothing was asked yet."]
    session.last = reply(None)
    assert dispatch(session, "/plot pay.png") == [
        "There is nothing to draw: the reply has no figures side by side."
    ]
    assert not Path("pay.png").exists()
    session.last = reply()
    assert dispatch(session, "/pl pay.png") == ["Written: pay.png"]
    drawn = Path("pay.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    for line, message in [
        ("/plot", "name a file"),
        ("/plot pay.png", "is there already"),
        ("/plot pay.jpg", "must end in .png"),
    ]:
        with pytest.raises(ChatbotError, match=message):
            dispatch(session, line)
    assert Path("pay.png").read_bytes() == drawn


def test_nothing_that_draws_is_imported_before_it_is_needed() -> None:
    code = "import sys, chatbot.cli.main, chatbot.cli.commands, chatbot.cli.ask; print({'matplotlib', 'wcwidth', 'yaml'} & {*sys.modules})"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "set()"
    )
