"""Faults that a promise's test must catch: where each is sown, and what it makes of the code.

Each is one that somebody could make in good faith: a check dropped as needless, `<` for `<=`, an
escape left out, a sum left to a library. The old text stands exactly once in its file, so that the
table cannot rot unseen.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["MUTANTS", "Mutant"]


class Mutant(NamedTuple):
    """One fault: the promise that must catch it, a name, the file, the text before and after."""

    promise: int
    name: str
    file: str
    old: str
    new: str


MUTANTS: Final = (
    # P1: a validated object, or one tree of errors.
    Mutant(
        1,
        "deep JSON ends in a RecursionError",
        "reading/json.py",
        "except (ValueError, RecursionError):",
        "except ValueError:",
    ),
    Mutant(
        1,
        "a path repeats control characters of a key",
        "reading/places.py",
        "    safe = display(step[:SHOWN_KEY])",
        "    safe = step[:SHOWN_KEY]",
    ),
    Mutant(
        1,
        "a long path is shown in full",
        "reading/places.py",
        'return shorten("".join(_name_step(step) for step in loc).removeprefix("."))',
        'return "".join(_name_step(step) for step in loc).removeprefix(".")',
    ),
    Mutant(
        1,
        "what is no UTF-8 escapes as a UnicodeDecodeError",
        "reading/sheet.py",
        "except UnicodeDecodeError as error:\n        line",
        "except UnicodeEncodeError as error:\n        line",
    ),
    Mutant(
        1,
        "what is no workbook escapes as its unpacker's error",
        "tables/workbook.py",
        "    except Exception:  # noqa: BLE001 - it raises whatever a broken part makes it raise\n"
        "        honest, size = False, 0\n",
        "    except KeyError:\n        honest, size = False, 0\n",
    ),
    # P2: a load touches its file alone.
    Mutant(
        2,
        "a pipe is waited for",
        "reading/files.py",
        'getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)',
        'getattr(os, "O_CLOEXEC", 0)',
    ),
    Mutant(
        2,
        "a pipe is waited for where a record is wanted",
        "audit/storage.py",
        ' | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)',
        ' | getattr(os, "O_CLOEXEC", 0)',
    ),
    Mutant(
        2,
        "a device is read",
        "reading/files.py",
        "if not stat.S_ISREG(status.st_mode):",
        "if stat.S_ISDIR(status.st_mode):",
    ),
    Mutant(
        2,
        "the folder of a file is looked through",
        "reading/files.py",
        "    # The kind and the size are asked of the file that is open: its name may soon mean"
        " another.\n",
        "    os.listdir(os.path.dirname(path))\n",
    ),
    Mutant(
        2,
        "what was read is kept beside the file",
        "form/reading.py",
        "    packet.remember_origin(origin)\n    return packet",
        "    packet.remember_origin(origin)\n"
        '    open(f"{path}.json", "w").write(packet.model_dump_json())\n    return packet',
    ),
    # P3: sizes have limits.
    Mutant(
        3,
        "one level more in YAML",
        "reading/yaml.py",
        "if len(loc) >= DEEPEST:",
        "if len(loc) > DEEPEST:",
    ),
    Mutant(
        3,
        "one level more in JSON",
        "reading/json.py",
        "        if len(loc) >= DEEPEST:",
        "        if len(loc) > DEEPEST:",
    ),
    Mutant(
        3,
        "Python objects have no limit of values",
        "reading/plain.py",
        "        if self._count > MOST_VALUES:",
        "        if self._count > 100 * MOST_VALUES:",
    ),
    Mutant(
        3,
        "JSON has no limit of values",
        "reading/json.py",
        "if is_long and sum(map(text.count",
        "if not is_long and sum(map(text.count",
    ),
    Mutant(
        3,
        "a workbook is unpacked before it is measured",
        "tables/workbook.py",
        "    if size > WORKBOOK_BYTES:",
        "    if size > WORKBOOK_BYTES * 100:",
    ),
    Mutant(
        3,
        "a form may be as long as a table",
        "form/reading.py",
        "FORM_BYTES: Final = 2 * 1024 * 1024",
        "FORM_BYTES: Final = 16 * 1024 * 1024",
    ),
    Mutant(
        3,
        "a table of any length is read",
        "reading/sheet.py",
        "found = open_regular(name, SHEET_BYTES)",
        "found = open_regular(name)",
    ),
    Mutant(
        3,
        "a name may be one character longer",
        "words.py",
        "and len(value) <= LONGEST_IDENTIFIER",
        "and len(value) <= LONGEST_IDENTIFIER + 1",
    ),
    # P4: a cut file never loads.
    Mutant(
        4,
        "YAML need not end its last line",
        "reading/yaml.py",
        'if len(text) > LONGEST_SCALAR or not text.endswith("\\n"):',
        "if len(text) > LONGEST_SCALAR:",
    ),
    Mutant(
        4,
        "a row may have fewer cells than the header",
        "reading/sheet.py",
        "        if len(cells) != len(head):\n",
        '        cells += [""] * (len(head) - len(cells))\n        if len(cells) != len(head):\n',
    ),
    Mutant(
        4,
        "quotation marks need not be closed",
        "reading/sheet.py",
        "delimiter=mark, strict=True)",
        "delimiter=mark)",
    ),
    Mutant(
        4,
        "a line of ratings may lack its last cell",
        "committee/sheet.py",
        "if len(row) != width",
        "if len(row) > width",
    ),
    Mutant(
        4,
        "a record that is shorter than a receipt tells is intact",
        "audit/verification.py",
        "    if held:\n        findings",
        "    if held and not count:\n        findings",
    ),
    # P5: every number is finite.
    Mutant(
        5,
        "a saved committee may hold NaN",
        "committee/archive.py",
        "(kind is float and not math.isfinite(value))",
        "(kind is float and value == math.inf)",
    ),
    Mutant(
        5,
        "a saved model may hold NaN",
        "readiness/archive.py",
        "    elif kind is float and not math.isfinite(value):",
        "    elif kind is float and value == math.inf:",
    ),
    Mutant(
        5,
        "a cell beyond 1e18 is a figure",
        "frame/cells.py",
        "    if not -LARGEST <= figure <= LARGEST:",
        "    if figure != figure:",
    ),
    Mutant(
        5,
        "advice is read as pydantic reads JSON",
        "advice/record.py",
        '    tree = read_tree(text, "json")\n    if tree.problems:\n'
        "        raise DataError(tree.problems)\n",
        "",
    ),
    # P6: no aliases, tags, merges or twins.
    Mutant(
        6,
        "the second of two keys wins in JSON",
        "reading/json.py",
        "    if len(values) != len(pairs):\n        raise Unclear\n",
        "",
    ),
    Mutant(
        6,
        "the second of two keys wins in YAML",
        "reading/yaml.py",
        "        if key in values:\n            raise Unclear\n",
        "",
    ),
    Mutant(
        6,
        "an anchor that nobody uses is passed over",
        "reading/yaml.py",
        "    if event.anchor is not None or event.tag is not None:",
        "    if event.tag is not None:",
    ),
    Mutant(
        6,
        "two columns of one name are one",
        "reading/sheet.py",
        "        elif times > 1:",
        "        elif times > 2:",
    ),
    Mutant(
        6,
        "the second of two keys wins in a saved model",
        "readiness/archive.py",
        "        if key in result:",
        "        if key in result and result[key] != value:",
    ),
    Mutant(
        6,
        "a key of a form may stand twice",
        "form/reading.py",
        "            elif name in seen:\n",
        "            elif name in seen and name not in known:\n",
    ),
    # P7: texts and names are what they look like.
    Mutant(
        7,
        "a blank sign of Braille is let through",
        "reading/characters.py",
        '\\u206a-\\u206f\\u2800"',
        '\\u206a-\\u206f"',
    ),
    Mutant(
        7,
        "escapes of JSON are not looked at",
        "reading/json.py",
        "_ODD_ESCAPE.search(text) and not _is_clean_unescaped(value)",
        "_ODD_ESCAPE.search(text) and _is_clean_unescaped(value) is None",
    ),
    Mutant(
        7,
        "items are told apart by case",
        "words.py",
        "        if name.casefold() in seen:",
        "        if name in seen:",
    ),
    Mutant(
        7,
        "a name may end in a dot",
        "words.py",
        '_IDENTIFIER: Final = r"^[A-Za-z0-9](?:[A-Za-z0-9._:/-]*[A-Za-z0-9])?$"',
        '_IDENTIFIER: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$"',
    ),
    Mutant(
        7,
        "letters of all scripts are letters",
        "words.py",
        '_IDENTIFIER: Final = r"^[A-Za-z0-9](?:[A-Za-z0-9._:/-]*[A-Za-z0-9])?$"',
        '_IDENTIFIER: Final = r"^\\w(?:[\\w._:/-]*\\w)?$"',
    ),
    Mutant(
        7,
        "nouns made by hand take controls",
        "words.py",
        "    if _UNSAFE.search(text):",
        '    if "\\u202e" in text:',
    ),
    # P8: units convert exactly or are refused.
    Mutant(
        8,
        "a figure is the binary number below it",
        "units.py",
        "return float(Fraction(str(value)) * source.factor / target.factor)",
        "return float(Fraction(value) * source.factor / target.factor)",
    ),
    Mutant(
        8,
        "units are converted by floats",
        "units.py",
        "return float(Fraction(str(value)) * source.factor / target.factor)",
        "return value * float(source.factor) / float(target.factor)",
    ),
    Mutant(
        8,
        "a kilobyte has 1024 bytes",
        "units.py",
        "Fraction(10 ** (3 * n))",
        "Fraction(2 ** (10 * n))",
    ),
    Mutant(
        8,
        "growth over a quarter is growth over a year",
        "units.py",
        '    period = per if unit.dimension == "share" else below.dimension',
        "    period = below.dimension",
    ),
    Mutant(
        8,
        "a year has days",
        "units.py",
        '"calendar": _CALENDAR,',
        '"clock": {**_CLOCK, "month": Fraction(2_629_800), "quarter": Fraction(7_889_400),'
        ' "year": Fraction(31_557_600)},',
    ),
    Mutant(
        8,
        "the dimension of a unit is not looked at",
        "units.py",
        "    if source.dimension != target.dimension:",
        '    if target.dimension not in source.dimension and "/" in source.dimension:',
    ),
    # P9: dates are dates.
    Mutant(
        9,
        "a moment is taken for its day",
        "words.py",
        "    if isinstance(value, date) and not isinstance(value, datetime):",
        "    if isinstance(value, date):",
    ),
    Mutant(
        9,
        "whatever Python reads as a date is one",
        "words.py",
        "    if isinstance(value, str) and _DAY.fullmatch(value):",
        "    if isinstance(value, str):",
    ),
    Mutant(
        9,
        "work may end a day after the day",
        "packet.py",
        "if item.ended is not None and item.ended > as_of and not item.in_progress:",
        "if item.ended is not None and (item.ended - as_of).days > 1 and not item.in_progress:",
    ),
    Mutant(
        9,
        "a packet without a day is read today",
        "assessment.py",
        "    day = packet.as_of if as_of is None else _read_as_of(as_of)\n",
        "    day = (packet.as_of or date.today()) if as_of is None else _read_as_of(as_of)\n",
    ),
    Mutant(
        9,
        "a form says when it was written",
        "form/writing.py",
        "copies.writestr(zipfile.ZipInfo(part.filename), data, zipfile.ZIP_DEFLATED)",
        "copies.writestr(part.filename, data, zipfile.ZIP_DEFLATED)",
    ),
    # P10: no path inside a file is opened.
    Mutant(
        10,
        "a packet may name a file as its rubric",
        "assessment.py",
        "    if packet.rubric not in shipped_rubrics():",
        '    if packet.rubric not in shipped_rubrics() and "." not in packet.rubric:',
    ),
    Mutant(
        10,
        "a ladder is looked for in any folder",
        "reading/library.py",
        '    if name not in {each.partition("/")[0] for each in shipped_rubrics()}:\n'
        "        return None\n"
        "    data = (_find_shelf() / name / LADDER_FILE).read_bytes()\n",
        "    if not (Path(name) / LADDER_FILE).exists():\n        return None\n"
        "    data = (Path(name) / LADDER_FILE).read_bytes()\n",
    ),
    Mutant(
        10,
        "what a link of an artifact leads to is looked at",
        "packet.py",
        "        faults += _find_unknown_references(self)\n",
        "        faults += _find_unknown_references(self)\n"
        "        from pathlib import Path\n"
        "        for item in self.evidence:\n"
        "            for fact in item.facts:\n"
        '                if isinstance(fact, ArtifactFact) and Path(fact.uri or ".").is_file():\n'
        "                    Path(fact.uri).read_bytes()\n",
    ),
    # P11: every pattern is linear.
    Mutant(
        11,
        "a name is matched part by part",
        "words.py",
        '_IDENTIFIER: Final = r"^[A-Za-z0-9](?:[A-Za-z0-9._:/-]*[A-Za-z0-9])?$"',
        '_IDENTIFIER: Final = r"^(?:[A-Za-z0-9]+[._:/-]*)+(?<![._:/-])$"',
    ),
    Mutant(
        11,
        "a run of marks is looked for from each of its letters",
        "reading/characters.py",
        'rf"(?<![^\\w\\x00-\\x7f])[^\\w\\x00-\\x7f]{{{HIGHEST_PILE + 1},}}"',
        'rf"[^\\w\\x00-\\x7f]{{{HIGHEST_PILE + 1},}}$"',
    ),
    Mutant(
        11,
        "a link may hold brackets",
        "exchange/markdown.py",
        'r"!?\\[([^\\]\\[]*)\\]\\([^()]*\\)"',
        'r"!?\\[(.*?)\\]\\(.*?\\)"',
    ),
    Mutant(
        11,
        "a word may end in signs, again and again",
        "lint/anchors.py",
        "(?:['\\u2019-][^\\W_]+)*",
        "(?:['\\u2019-]*[^\\W_]+)*$",
    ),
    # P12: what we write is inert.
    Mutant(
        12,
        "texts between elements are not escaped",
        "pictures/markup.py",
        "child if isinstance(child, Markup) else escape(child) for child in children",
        "child for child in children",
    ),
    Mutant(
        12,
        "attributes are not escaped",
        "pictures/markup.py",
        '="{escape(str(value))}"\'',
        '="{value}"\'',
    ),
    Mutant(
        12,
        "quotes are left in attributes",
        "pictures/markup.py",
        '="{escape(str(value))}"\'',
        '="{escape(str(value), quote=False)}"\'',
    ),
    Mutant(
        12,
        "a blank before a formula hides it",
        "reading/cells.py",
        '_ACTIVE: Final = re.compile(rf"\\s*[{_SIGNS}]")',
        '_ACTIVE: Final = re.compile(rf"[{_SIGNS}]")',
    ),
    Mutant(
        12,
        "wide signs begin no formula",
        "reading/cells.py",
        '_SIGNS: Final = "=+\\\\-@\\uff1d\\uff0b\\uff0d\\uff20"',
        '_SIGNS: Final = "=+\\\\-@"',
    ),
    Mutant(
        12,
        "groups of people are written as they are",
        "audit/figures.py",
        "    return guard_text(value) if isinstance(value, str) else value",
        "    return value",
    ),
    Mutant(
        12,
        "problems show escape characters",
        "reading/places.py",
        "    if character.isprintable() and not is_refused(character):\n        return character\n",
        '    if character.isprintable() or character == "\\x1b":\n        return character\n',
    ),
    Mutant(
        12,
        "names in a card of a model are Markdown",
        "readiness/card.py",
        '    return _SIGNS.sub(r"\\\\\\g<0>", escape(" ".join(name.split())))',
        '    return escape(" ".join(name.split()))',
    ),
    Mutant(
        12,
        "a cell of a form is whatever openpyxl makes of it",
        "form/writing.py",
        "    cell.quotePrefix = is_active(text)\n",
        "",
    ),
    # P13: same input, same bits.
    Mutant(
        13,
        "achievements are combined as they come",
        "scoring/kernel.py",
        "    for one in sorted(shown, reverse=True):",
        "    for one in shown:",
    ),
    Mutant(
        13,
        "a sum is left to a library",
        "scoring/kernel.py",
        "    total = 0.0\n    for weight, score in zip(plan.total.weights, scores, strict=True):\n"
        "        total += weight * score\n",
        "    import numpy as np\n"
        "    total = float(np.sum(np.multiply(plan.total.weights, scores)[::-1]))\n",
    ),
    Mutant(
        13,
        "a digest hangs on the order of items",
        "packet.py",
        '        content["evidence"].sort(key=lambda item: item["id"])\n',
        "",
    ),
    Mutant(
        13,
        "findings are told as a set gives them",
        "scoring/checks.py",
        "    yield from sorted(set(found))",
        "    yield from {str(hash(each)): each for each in set(found)}.values()",
    ),
    Mutant(
        13,
        "arrays divide where the kernel multiplies",
        "scoring/totals.py",
        "    total /= plan.total.total\n",
        "    total *= 1.0 / plan.total.total\n",
    ),
    # P14: older results load for ever.
    Mutant(
        14,
        "a newer model is read as if it were of today",
        "readiness/record.py",
        "    if version > SCHEMA_VERSION:",
        "    if version > SCHEMA_VERSION + 1:",
    ),
    Mutant(
        14,
        "a result that was changed is read",
        "assessment.py",
        "        if compute_digest(found._dump(_FIELDS[:-1])) != record.result_id:",
        "        if not record.result_id:",
    ),
    Mutant(
        14,
        "canonical JSON has spaces",
        "digest.py",
        'separators=(",", ":")',
        'separators=(", ", ":")',
    ),
    Mutant(
        14,
        "any version is version 1",
        "words.py",
        "    if type(value) is int:\n        return value\n",
        "    if isinstance(value, (int, str)):\n        return 1\n",
    ),
    # P15: reasons sum to the distance.
    Mutant(
        15,
        "a set of criteria weighs as much as any other",
        "scoring/split.py",
        "factorial(size) * factorial(players - size - 1) / factorial(players)",
        "1 / (1 << (players - 1))",
    ),
    Mutant(
        15,
        "the lift leaves out the gates of must-haves",
        "scoring/split.py",
        "        return score_total(raised, plan)[1]\n",
        "        return score_total(raised, plan)[0]\n",
    ),
    Mutant(
        15,
        "a step gains what it leads to",
        "advice/find.py",
        "gain=total - before,",
        "gain=total,",
    ),
    Mutant(
        15,
        "parts that are small are left out",
        "advice/attribution.py",
        "NOTHING: Final = 1e-15",
        "NOTHING: Final = 0.01",
    ),
    # P16: people move no bit.
    Mutant(
        16,
        "veterans are no protected group",
        "ladder.py",
        '                "veteran_status",\n',
        "",
    ),
    Mutant(
        16,
        "protected keys are compared with case",
        "reading/explanations.py",
        "        reason = self._refused.get(_fold(key))",
        "        reason = self._refused.get(key)",
    ),
    Mutant(
        16,
        "a column of a frame may be one",
        "frame/table.py",
        "    if name.casefold() in REFUSED:",
        "    if name in REFUSED:",
    ),
    Mutant(
        16,
        "a fact may have such a name",
        "packet.py",
        "        if name in REFUSED\n",
        '        if name in {"age", "sex"}\n',
    ),
    Mutant(
        16,
        "a long note counts for less",
        "scoring/kernel.py",
        "        counts = row.counts[end]\n",
        "        counts = row.counts[end]\n"
        '        counts *= 0.5 if len(str(getattr(row.fact, "note", 0))) > 20 else 1\n',
    ),
    # P17: figures are those published.
    Mutant(
        17,
        "four fifths itself is below four fifths",
        "audit/rates.py",
        "return None if ratio is None else ratio < FOUR_FIFTHS",
        "return None if ratio is None else ratio <= FOUR_FIFTHS",
    ),
    Mutant(
        17,
        "a shortfall is rounded down",
        "audit/rates.py",
        "-(-asked.numerator // asked.denominator) - group.selected",
        "asked.numerator // asked.denominator - group.selected",
    ),
    Mutant(
        17,
        "z has the sample's variance",
        "audit/significance.py",
        "(Fraction(1, group.n) + Fraction(1, other.n))",
        "(Fraction(1, group.n - 1) + Fraction(1, other.n - 1))",
    ),
    Mutant(
        17,
        "ends of Newcombe's interval are paired the wrong way",
        "audit/significance.py",
        "    below = math.hypot(p - ends[0], other_ends[1] - q)",
        "    below = math.hypot(p - ends[0], q - other_ends[0])",
    ),
    Mutant(
        17,
        "only rarer tables count, not equal ones",
        "audit/significance.py",
        "    p = (ways.rarer + ways.equal) / ways.total",
        "    p = ways.rarer / ways.total",
    ),
)
"""Every fault, promise by promise."""
