"""``scripts/us_occupations.py``: every published figure is kept, footnotes become marks, and what is wrong is
named."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT
from test_figures import swap

SCRIPT = ROOT / "scripts" / "us_occupations.py"


PUBLISHED = "employment,emp_rse_pct,hourly_mean,annual_mean,hourly_p10,hourly_p25,hourly_median,hourly_p75,hourly_p90,annual_p10,annual_p25"
PUBLISHED += ",annual_median,annual_p75,annual_p90,fn_annual_median,fn_annual_p90"
NATION_PUBLISHED = f"""soc,title,display_level,{PUBLISHED}
00-0000,All Occupations,0,1000,0.0,33.54,69770,15.00,18.07,24.51,38.71,61.81,31200,37590,50980,80520,128560,,
27-0000,"Arts, Sports",0,600,0.0,-,69770,-,-,-,-,-,31200,37590,50980,80520,128560,,
27-2021,Athletes,3,100,12.6,-,294080,-,-,-,-,-,40120,65780,79040,149490,302990,,
29-0000,Healthcare,0,400,1.0,45.86,95380,32.27,38.06,46.14,50.53,61.51,67120,79170,95970,105100,127950,,
29-1000,Practitioners,1,400,1.0,45.86,95380,32.27,38.06,46.14,50.53,61.51,67120,79170,95970,105100,127950,,
29-1240,Surgeons,2,200,1.0,257.57,535750,37.89,172.38,275.03,326.83,400.00,78800,358550,572060,679800,832000,,
29-1242,Orthopedic Surgeons,3,200,1.0,257.57,535750,37.89,172.38,275.03,326.83,400.00,78800,358550,572060,679800,832000,,
"""
STATES_PUBLISHED = f"""state,soc,title,display_level,{PUBLISHED}
Texas,29-1242,Orthopedic Surgeons,3,-,-,-,-,-,-,-,-,-,-,-,-,-,-,5,5
Texas,27-2021,Athletes,3,60,12.6,-,294080,-,-,-,-,-,40120,65780,79040,149490,-,4,5
Alaska,29-1242,Orthopedic Surgeons,3,200,17.2,257.57,535750,37.89,172.38,275.03,326.83,-,78800,358550,572060,679800,-,,5
Alaska,27-2021,Athletes,3,40,50.0,-,-,-,-,-,-,-,-,-,-,-,-,8,8
Guam,27-2021,Athletes,3,900,50.0,-,-,-,-,-,-,-,-,-,-,-,-,5,5
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("us_occupations", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["us_occupations"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def made(
    script: ModuleType, folder: Path, national: str = NATION_PUBLISHED, states: str = STATES_PUBLISHED
) -> Path:
    """The folder that the script wrote, from these published files."""
    (folder / "national.csv").write_text(national, encoding="utf-8")
    (folder / "state.csv").write_text(states, encoding="utf-8")
    script.main([str(folder), "--year", "2031", "--out", str(folder / "out")])
    return folder / "out"


def test_the_script_keeps_every_figure_and_marks_what_footnotes_say(
    script: ModuleType, tmp_path: Path, capsys
) -> None:
    out = made(script, tmp_path)
    assert (out / "states.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "2031,AK,27-2021,40,*,*,*,*,*,*,*,*,*,*,*,*",
        "2031,AK,29-1242,200,257.57,535750,37.89,172.38,275.03,326.83,#,78800,358550,572060,679800,#",
        "2031,GU,27-2021,900,*,*,*,*,*,*,*,*,*,#,*,#",
        "2031,TX,27-2021,60,*,294080,*,*,*,*,*,40120,65780,79040,149490,#",
        "2031,TX,29-1242,*,*,*,*,*,#,*,#,*,*,#,*,#",
    ]
    lines = (out / "national.csv").read_text(encoding="utf-8").splitlines()
    assert (
        lines[2] == '2031,27-0000,"Arts, Sports",major,600,*,69770,*,*,*,*,*,31200,37590,50980,80520,128560'
    )
    assert [line.split(",")[-14] for line in lines[1:]] == [
        "total",
        "major",
        "detailed",
        "major",
        "minor",
        "broad",
        "detailed",
    ]
    told = capsys.readouterr().out
    assert "national: 7 rows (1 total, 2 major, 1 minor, 1 broad, 2 detailed)" in told
    assert "states: 5 rows of 3 places; without AL," in told
    assert "employment of states: 0 of 2 occupations sum to more" in told


WRONG = [  # in the states' file, and in the national one; what is planted, and what is said of it
    ("state", "Texas,27-2021", "Texsa,27-2021", "state.csv:3: unknown state 'Texsa'"),
    ("state", "Texas,27-2021,Athletes", "Texas,27-2021,Athlete", "state.csv:3: TX 27-2021: title 'Athlete', but the national file (line 4)"),
    ("state", "Texas,27-2021", "Texas,27-2022", "state.csv:3: TX 27-2022: the code is unknown to the national file"),
    ("state", "Texas,27-2021", "Alaska,27-2021", "state.csv:5: AK 27-2021: stands in line 3 already"),
    ("state", "149490,-,4,5", "149490,-,4,6", "state.csv:3: TX 27-2021: fn_annual_p90: unknown footnote '6'"),
    ("state", "149490,-,4,5", "149490,239200,4,5", "footnote 5 (top-coded), but the figure 239200 is published"),
    ("state", "149490,-,4,5", "149490,-,4", "state.csv:3: 19 cells, but there are 20 columns"),
    ("state", "Texas,27-2021,Athletes,3,60,", "Texas,27-2021,Athletes,3,100,", "sums to 140, 40 above the nation's 100; rounding allows 15"),
    ("state", "Texas,27-2021,Athletes,3,60,", "Texas,27-2021,Athletes,3,6O,", "employment: '6O' is no figure"),
    ("state", "fn_annual_p90", "fn", "state.csv:1: missing column fn_annual_p90; unknown column 'fn'"),
    ("state", "50.0,-,-,-,-,-,-,-,-,-,-,-,-,5,5\n", "50.0,-", "state.csv:6: the last row does not end with a new line"),
    ("national", "27-2021,Athletes,3", "27-2021,Athletes,4", "national.csv:4: 27-2021: unknown display_level '4'"),
    ("national", "400,1.0,45.86,95380,32.27,38.06,46.14,50.53,61.51,67120,79170,95970,105100,127950,,\n29-1000",
     "400,1.0,45.86,95880,32.27,38.06,46.14,50.53,61.51,67120,79170,95970,105100,127950,,\n29-1000",
     "annual_mean 95880 is 491.20 from hourly_mean 45.86 times 2,080; rounding allows 15.4"),
    ("national", "40120,65780,79040", "40120,85780,79040", "national.csv:4: 27-2021: the annual percentiles do not rise"),
    ("national", "0,1000,0.0", "0,1100,0.0", "the 2 major groups sums to 1000, not to the total 1100"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), WRONG, ids=[wrong[2][:40] for wrong in WRONG])
def test_the_script_names_what_is_wrong_and_writes_nothing(
    script, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    texts = {"national": NATION_PUBLISHED, "state": STATES_PUBLISHED}
    texts[name] = swap(texts[name], old, new)
    with pytest.raises(SystemExit) as stopped:
        made(script, tmp_path, texts["national"], texts["state"])
    assert said in str(stopped.value)
    assert str(stopped.value).endswith("nothing was written")
    assert not (tmp_path / "out").exists()


def test_the_script_wants_all_rows_of_a_year_that_it_knows(script, tmp_path: Path) -> None:
    """A file cut off between two rows shows in nothing else."""
    made(script, tmp_path)
    with pytest.raises(SystemExit) as stopped:
        script.main([str(tmp_path), "--year", "2025", "--out", str(tmp_path / "other")])
    assert "state.csv:1: 5 rows, but the figures of 2025 have 37,408" in str(stopped.value)
    assert not (tmp_path / "other").exists()


def test_where_one_file_cant_be_written_the_other_stays_as_it_was(script, tmp_path: Path) -> None:
    out = made(script, tmp_path)
    before = (out / "national.csv").read_bytes()
    (out / "states.csv").unlink()
    (out / "states.csv").mkdir()
    with pytest.raises(SystemExit, match="nothing was written"):
        made(script, tmp_path, national=swap(NATION_PUBLISHED, "Practitioners", "Doctors"))
    assert (out / "national.csv").read_bytes() == before
    assert sorted(file.name for file in out.iterdir()) == ["national.csv", "states.csv"]
