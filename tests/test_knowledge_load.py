"""Reading knowledge files: what they give, and each fault with its line."""

import datetime as dt
import os
import re
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.texts import DIRECTORY as TEXTS_DIRECTORY
from knowledge import (
    CODES,
    Contact,
    Decision,
    Fault,
    FollowUps,
    KnowledgeError,
    Municipality,
    Places,
    Theme,
    Validity,
    load_background,
    load_follow_ups,
    load_knowledge,
    load_places,
    load_themes,
)

GOOD = """\
municipality:
  id: sjo
  name: Sjö kommun
  aliases: {sv: [Sjö], en: [Sjo]}
  website: https://sjo.example
documents:
  - id: mal-2020
    title: Mål
    url: https://sjo.example/mal
    language: sv
    valid: {from: 2020-01-01, to: 2023-12-31}
    sections:
      - id: gron
        kind: goal
        title: En grön kommun
        lead: för alla
        aliases: {sv: [gröna målet]}
        text: |
          —Vi vill mer. Det säger vi.

          Målen är:
          - Luft
          - Vatten
        said_by: [{name: Sjökaptenen, text: —Vi vill mer.}]
        translations:
          en:
            title: A green municipality
            lead: for all
            text: |
              —We want more. So we say.

              The goals are:
              - Air
              - Water
            by: Målvakt, unofficial
        questions: {sv: [blir det grönt?], en: [will it be green?]}
        notes:
          - {document: mal-2024, text: Målet gäller än., translations: {en: The goal lives on.}}
      - id: kontakt
        kind: contact
        title: Kontakt
        text: Ring oss.
        valid: null
  - id: mal-2024
    title: Nya mål
    url: https://sjo.example/nya
    language: sv
    valid: {from: 2024-01-01, to: null}
    decided: {by: kommunfullmäktige, date: 2023-06-19, paragraph: 62}
    continues: [sjo/gron]
"""
AT = {line.strip(): number for number, line in reversed([*enumerate(GOOD.splitlines(), start=1)])}
"""The line on which each text of the good file first stands."""


DAMAGE = st.one_of(st.text("{}[]:,-&*!|>'\"#%@?~ \n\\ax", max_size=4), st.text(max_size=2))


def write(directory: Path, text: str, name: str = "sjo.yaml") -> Path:
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def load(directory: Path, text: str = GOOD) -> Municipality:
    write(directory, text)
    return load_knowledge([directory]).municipality("sjo")


def faults(*directories: Path) -> tuple[Fault, ...]:
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(directories)
    return raised.value.faults


def test_a_file_becomes_values(tmp_path: Path) -> None:
    sjo = load(tmp_path)
    gron, kontakt = sjo.sections()
    old, new = sjo.documents
    assert (gron.id, kontakt.id) == ("sjo/gron", "sjo/kontakt")
    assert gron.text == "—Vi vill mer. Det säger vi.\n\nMålen är:\n- Luft\n- Vatten"
    assert gron.translations["en"].text.endswith("- Water")
    assert gron.valid == old.valid == Validity(dt.date(2020, 1, 1), dt.date(2023, 12, 31))
    assert kontakt.valid is None
    (speaker,) = gron.said_by
    assert gron.text[speaker.start : speaker.end] == "—Vi vill mer."
    assert speaker.role is None
    assert gron.questions == {"sv": ("blir det grönt?",), "en": ("will it be green?",)}
    assert gron.notes[0].translations == {"en": "The goal lives on."}
    assert new.decided == Decision("kommunfullmäktige", dt.date(2023, 6, 19), 62)
    assert new.valid == Validity(dt.date(2024, 1, 1), None)
    assert new.continues == ("sjo/gron",)
    assert new.sections == ()
    assert sjo.contact == Contact("Sjö kommun", "https://sjo.example")
    assert sjo.path == tmp_path / "sjo.yaml"


def test_what_may_be_left_out_or_written_otherwise(tmp_path: Path) -> None:
    text = GOOD.replace("continues: [sjo/gron]", "continues: [gron]").replace(
        "  website: https://sjo.example\n",
        "  website: http://sjo.example:8080/a?b#c\n  contact: {phone: 0370-37 70 00, email: a@sjo.example}\n",
    )
    sjo = load(tmp_path, "\ufeff" + text.replace("\n", "\r\n"))
    assert sjo.documents[1].continues == ("sjo/gron",)
    website = "http://sjo.example:8080/a?b#c"
    assert sjo.contact == Contact("Sjö kommun", website, "0370-37 70 00", "a@sjo.example")


@pytest.mark.parametrize("surprise", ["no", "12:30", "2024-01-01", "1e3", "0x10", "<<", "007", "'~'"])
def test_texts_stay_what_was_written(tmp_path: Path, surprise: str) -> None:
    sjo = load(tmp_path, GOOD.replace("title: Mål", f"title: {surprise}"))
    assert sjo.documents[0].title == surprise.strip("'")


DOCUMENT = "{id: mal-2024, title: A, url: https://a.example, language: sv}"

# Each case: the code, what is replaced in the good file, what stands there instead, the line to mend (a text
# that stands there, or its number), and details that the fault must have.
CASES = [
    ("empty_file", GOOD, " \n", None, {}),
    ("empty_file", GOOD, "# nothing\n", None, {}),
    ("empty_file", GOOD, "null\n", None, {}),
    ("not_mapping", GOOD, "\n- one\n", 2, {"where": "sjo.yaml", "found": "[…]"}),
    ("not_mapping", GOOD, "words\n", 1, {"found": "words"}),
    ("yaml_syntax", "kind: contact", "kind: [contact", "title: Kontakt", {}),
    ("yaml_syntax", "title: Kontakt", "title: Kontakt: oss", "title: Kontakt: oss", {}),
    ("yaml_syntax", "documents:\n", "---\ndocuments:\n", "---", {"problem": "another document starts here"}),
    ("yaml_alias", "title: Kontakt", "title: *x", "title: *x", {}),
    ("yaml_tag", "title: Kontakt", "title: !!python/name:os.system x", "!!python", {}),
    ("tab", "title: Kontakt", "title:\tKontakt", "title:\tKontakt", {}),
    ("too_deep", "title: Kontakt", "title: " + "[" * 50_000, "title: " + "[" * 50_000, {"limit": "20"}),
    ("key_not_text", "title: Kontakt", "? [a]\n        : b", "? [a]", {"found": "[…]"}),
    ("doubled_key", "title: Kontakt", "title: A\n        title: B", "title: B", {"key": "title"}),
    ("unknown_key", "kind: contact", "kind: contact\n        txet: x", "txet: x", {
        "key": "txet",
        "where": "documents[mal-2020].sections[kontakt]",
        "expected": "id, kind, title, lead, text, valid, aliases, said_by, translations, questions, "
        "themes, notes",
    }),
    ("unknown_key", "to: null}", "till: no}", "till: no", {"expected": "from, to"}),
    ("unknown_key", "by: Målvakt, unofficial", "by: M\n            av: x", "av: x", {
        "where": "documents[mal-2020].sections[gron].translations.en",
        "expected": "title, lead, text, by",
    }),
    ("unknown_key", "documents:\n", "<<: {a: b}\ndocuments:\n", "<<: {a: b}", {"where": "sjo.yaml"}),
    ("missing_key", "        title: Kontakt\n", "", "- id: kontakt", {"key": "title"}),
    ("missing_key", "  website: https://sjo.example\n", "", "municipality:", {"where": "municipality"}),
    ("missing_key", GOOD[GOOD.index("documents:") :], "", 1, {"key": "documents", "where": "sjo.yaml"}),
    ("missing_key", GOOD[: GOOD.index("documents:")], "", 1, {"key": "municipality"}),
    ("not_text", "title: Kontakt", "title: {a: b}", "title: {a: b}", {"found": "{…}"}),
    ("not_list", "[blir det grönt?]", "blir det?", "questions: {sv: blir", {
        "where": "documents[mal-2020].sections[gron].questions.sv",
        "found": "blir det?",
    }),
    ("not_list", GOOD[GOOD.index("documents:") :], "documents: none\n", "documents: none", {"found": "none"}),
    ("not_mapping", "valid: {from: 2024-01-01, to: null}", "valid: now", "valid: now", {"found": "now"}),
    ("not_mapping", "aliases: {sv: [gröna målet]}", "aliases: [a]", "aliases: [a]", {"found": "[…]"}),
    ("empty_value", "title: Kontakt", "title:", "title:\n", {}),
    ("empty_value", "title: Kontakt", "title: ''", "title: ''", {}),
    ("empty_value", "by: Målvakt, unofficial", "by: null", "by: null", {}),
    ("empty_value", "{sv: [gröna målet]}", "{sv: []}", "aliases: {sv: []}", {}),
    ("empty_value", "continues: [sjo/gron]", "continues: [~]", "continues: [~]", {}),
    ("empty_value", GOOD[GOOD.index("documents:") :], "documents: []\n", "documents: []", {}),
    ("invisible_character", "Ring oss.", "Ring\u00adoss.", "text: Ring\u00adoss.", {"character": "U+00AD"}),
    ("invisible_character", "Ring oss.", "Ring\u0085oss.", "text: Ring\u0085oss.", {"character": "U+0085"}),
    ("invisible_character", "Ring oss.", '"Ring\\x07"', 'text: "Ring\\x07"', {"character": "U+0007"}),
    ("invisible_character", "Ring oss.", "Ring\0", "text: Ring\0", {"character": "U+0000"}),
    ("not_nfc", "- Vatten", "- Va\u030aren", "- Va\u030aren", {}),
    ("several_lines", "title: Kontakt", "title: |\n          Två\n          rader", "title: |", {}),
    ("stray_space", "- Luft", "- Luft ", "- Luft ", {}),
    ("stray_space", "title: Kontakt", "title: ' Kontakt'", "title: ' Kontakt'", {}),
    ("extra_blank_line", "säger vi.\n", "säger vi.\n\n", 21, {}),
    ("bad_id", "id: kontakt", "id: Kontakt", "- id: Kontakt", {"found": "Kontakt"}),
    ("bad_id", "id: sjo", "id: sjö", "id: sjö", {"where": "municipality.id"}),
    ("bad_theme_id", "kind: contact", "kind: contact\n        themes: [Climate]", "themes: [Climate]", {}),
    ("long_id", "id: kontakt", f"id: {'k' * 31}", f"- id: {'k' * 31}", {"length": "31", "limit": "30"}),
    ("long_id", "id: sjo", f"id: {'s' * 25}", f"id: {'s' * 25}", {"limit": "24"}),
    ("bad_url", "https://sjo.example/nya", "www.sjo.example", "url: www", {"found": "www.sjo.example"}),
    ("bad_url", "https://sjo.example/nya", "javascript:x", "url: javascript:x", {}),
    ("bad_email", "documents:\n", "  contact: {email: a}\ndocuments:\n", "email: a", {}),
    ("bad_phone", "documents:\n", "  contact: {phone: ring}\ndocuments:\n", "contact: {phone: ring}", {}),
    ("bad_date", "2023-06-19", "2023-02-30", "decided:", {
        "where": "documents[mal-2024].decided.date",
        "found": "2023-02-30",
    }),
    ("bad_date", "to: null", "to: 20240101", "to: 20240101", {"found": "20240101"}),
    ("bad_number", "paragraph: 62", "paragraph: § 62", "§ 62", {}),
    ("end_before_start", "to: null", "to: 2023-12-31", "valid: {from: 2024-01-01, to: 2023-12-31}", {
        "where": "documents[mal-2024].valid.to",
        "start": "2024-01-01",
        "end": "2023-12-31",
    }),
    ("unknown_language", "language: sv", "language: fi", "language: fi", {"found": "fi",
     "expected": "sv, en"}),
    ("unknown_language", "{sv: [gröna målet]}", "{de: [x]}", "aliases: {de: [x]}", {"found": "de"}),
    ("unknown_kind", "kind: contact", "kind: contacts", "kind: contacts", {"found": "contacts"}),
    ("doubled_id", "id: kontakt", "id: gron", 39, {"id": "gron", "other": f"sjo.yaml:{AT['- id: gron']}"}),
    ("doubled_id", "documents:\n", f"documents:\n  - {DOCUMENT}\n", "- id: mal-2024", {"id": "mal-2024"}),
    ("doubled_alias", "kind: contact", "kind: contact\n        aliases: {en: [GRÖNA målet]}", "GRÖNA", {
        "alias": "GRÖNA målet",
        "other": str(AT["aliases: {sv: [gröna målet]}"]),
    }),
    ("doubled_question", "kind: contact",
     "kind: contact\n        questions: {sv: [Blir det grönt?]}", "Blir", {
        "other": str(AT["questions: {sv: [blir det grönt?], en: [will it be green?]}"]),
    }),
    ("doubled_question", "[blir det grönt?]", "[a?, A?]", "A?", {}),
    ("unknown_theme", "kind: contact", "kind: contact\n        themes: [climat]", "themes: [climat]", {
        "theme": "climat",
        "expected": "climate, business_climate",
    }),
    ("doubled_theme", "kind: contact", "kind: contact\n        themes: [climate, climate]",
     "themes: [climate, climate]", {"theme": "climate"}),
    ("continues_unknown", "[sjo/gron]", "[gran]", "continues: [gran]", {
        "section": "gran",
        "expected": "sjo/gron, sjo/kontakt",
    }),
    ("continues_unknown", "[sjo/gron]", "[vara/gron]", "continues: [vara/gron]", {}),
    ("continues_itself", "    sections:\n", "    continues: [gron]\n    sections:\n",
     "continues: [gron]", {}),
    ("note_document_unknown", "{document: mal-2024", "{document: mal-2027", "mal-2027", {
        "document": "mal-2027",
        "expected": "mal-2020, mal-2024",
    }),
    ("translation_of_itself", "          en:\n", "          sv:\n", "          sv:", {"language": "sv"}),
    ("translation_of_itself", "{en: The goal", "{sv: The goal", "{sv: The goal", {}),
    ("translation_lead_missing", "            lead: for all\n", "", "          en:", {}),
    ("translation_lead_extra", "        lead: för alla\n", "", "lead: for all", {}),
    ("translation_paragraphs", "we say.\n\n", "we say.\n", 29, {"expected": "2", "found": "1"}),
    ("translation_sentences", "The goals are:", "The goals. Are:", "The goals. Are:", {
        "paragraph": "2",
        "expected": "3",
        "found": "4",
    }),
    ("translation_list_lines", "The goals are:", "- The goals are:", "- The goals are:", {"paragraph": "2"}),
    ("said_by_absent", "text: —Vi vill mer.}", "text: Vi ville mer.}", "Vi ville", {
        "found": "Vi ville mer.",
    }),
    ("said_by_repeated", "text: —Vi vill mer.}", "text: vi}", "said_by", {"count": "2"}),
    ("said_by_partial", "text: —Vi vill mer.}", "text: Vi vill mer.}", "said_by", {}),
    ("said_by_overlap", "text: —Vi vill mer.}",
     "text: —Vi vill mer.}, {name: B, text: —Vi vill mer. Det säger vi.}", "said_by", {}),
]  # fmt: skip
# Provoked by the tests further down, for what no text of one file can show.
OTHERS = {
    "not_file",
    "continues_nothing",
    "doubled_theme_line",
    "missing_directory",
    "unreadable_directory",
    "no_files",
    "wrong_suffix",
    "unreadable_file",
    "not_utf8",
}


@pytest.mark.parametrize(
    ("code", "old", "new", "line", "details"),
    CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)],
)
def test_a_fault_has_its_line(
    tmp_path: Path, code: str, old: str, new: str, line: str | int | None, details: dict[str, str]
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    path = write(tmp_path, text)
    if isinstance(line, str):
        line = text[: text.index(line)].count("\n") + 1
    (fault,) = faults(tmp_path)
    assert (fault.path, fault.line, fault.code) == (path, line, code)
    assert details.items() <= fault.details.items()


def test_every_code_is_provoked() -> None:
    assert {code for code, *_ in CASES} | OTHERS == CODES.keys()


def test_all_faults_of_all_files_come_at_once_by_file_and_line(tmp_path: Path) -> None:
    bad = GOOD.replace("https://sjo.example/mal", "sjo").replace("The goals are:", "The goals. Are:")
    bad = bad.replace("kind: goal", "kind: goal\n        colour: green").replace(
        "id: mal-2024\n", "id: Mal\n"
    )
    write(tmp_path, bad, "a.yaml")
    write(tmp_path, GOOD.replace("sjo", "vik").replace("title: Kontakt", "title:"), "b.yaml")
    (tmp_path / "c.yaml").write_bytes("municipality:\n  name: Sjö\n".encode("latin-1"))
    found = [(fault.path.name, fault.code) for fault in faults(tmp_path)]
    assert found == [
        ("a.yaml", "bad_url"),
        ("a.yaml", "unknown_key"),
        ("a.yaml", "translation_sentences"),
        ("a.yaml", "note_document_unknown"),
        ("a.yaml", "bad_id"),
        ("b.yaml", "empty_value"),
        ("c.yaml", "not_utf8"),
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_reported(tmp_path: Path, data: st.DataObject) -> None:
    text = GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(DAMAGE) + text[end:]
    path = tmp_path / "sjo.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found: tuple[Fault, ...] = ()
    reported = False
    try:
        load_knowledge([tmp_path])
    except KnowledgeError as error:
        found = error.faults
        reported = True
    assert reported == bool(found)
    assert all(fault.path == path for fault in found)
    assert all(fault.line is None or 1 <= fault.line <= text.count("\n") + 2 for fault in found)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "sjo.yaml").write_bytes(GOOD.encode("latin-1", "replace"))
    (fault,) = faults(tmp_path)
    assert (fault.line, fault.code, fault.details) == (AT["name: Sjö kommun"], "not_utf8", {"byte": "0xF6"})


def test_a_municipality_in_two_files(tmp_path: Path) -> None:
    first, second = write(tmp_path, GOOD, "a.yaml"), write(tmp_path, GOOD, "b.yaml")
    (fault,) = faults(tmp_path)
    assert (fault.path, fault.line, fault.code) == (second, 2, "doubled_id")
    assert fault.details == {"id": "sjo", "other": f"{first}:2"}


def test_directories(tmp_path: Path) -> None:
    one, two, empty = tmp_path / "one", tmp_path / "two", tmp_path / "empty"
    for directory in (one, two, empty):
        directory.mkdir()
    write(two, GOOD)
    write(one, GOOD.replace("sjo", "vik"), "z.yaml")
    write(one, "half: [written", ".#z.yaml")
    write(one, "Not knowledge.", "README.md")
    knowledge = load_knowledge([two, one, two, one / ".." / "two"])
    assert [municipality.id for municipality in knowledge.municipalities] == ["sjo", "vik"]
    assert knowledge.section("vik/gron").title == "En grön kommun"

    too_long = tmp_path / ("z" * 1000)
    found = faults(one, empty, tmp_path / "gone", too_long)
    assert [(fault.path.name, fault.line, fault.code) for fault in found] == [
        ("empty", None, "no_files"),
        ("gone", None, "missing_directory"),
        (too_long.name, None, "unreadable_directory"),
    ]
    assert [fault.code for fault in faults()] == ["no_files"]


def test_a_file_may_be_named_in_place_of_a_directory(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    write(tmp_path, "half: [written", "other.yaml")
    for named in ([path], [path, path]):
        assert [municipality.id for municipality in load_knowledge(named).municipalities] == ["sjo"]
    assert [fault.code for fault in faults(tmp_path, path)] == ["yaml_syntax"]
    other = write(tmp_path, GOOD, "vik.yml")
    assert {fault.code for fault in faults(other)} == {"no_files", "wrong_suffix"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for named in (pipe, tmp_path):
        assert [(fault.path, fault.code) for fault in faults(named)] == [(pipe, "not_file")]


def test_nothing_to_continue_is_said_in_its_own_words(tmp_path: Path) -> None:
    head, _, rest = GOOD.partition("documents:\n")
    document = rest.split("\n  - id: ")[0]
    document = document.replace("    sections:\n", "    continues: [gran]\n    sections:\n")
    write(tmp_path, f"{head}documents:\n{document}\n")
    assert "continues_nothing" in [fault.code for fault in faults(tmp_path)]


def test_files_that_would_be_missed_or_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "vik.yml")
    (tmp_path / "dir.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    found = faults(tmp_path)
    assert [(fault.path.name, fault.code) for fault in found] == [
        ("dir.yaml", "not_file"),
        ("gone.yaml", "unreadable_file"),
        ("vik.yml", "wrong_suffix"),
    ]
    assert found[-1].details == {"expected": "vik.yaml"}
    assert found[1].details["reason"] == os.strerror(2)


def test_the_error_reads_as_lines(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("kind: contact", "kind: call"))
    with pytest.raises(
        KnowledgeError, match=rf"^{re.escape(str(path))}:40: unknown_kind where=\S+ found=call "
    ):
        load_knowledge([tmp_path])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_code_has_a_sentence_with_its_details(language: str) -> None:
    texts = yaml.safe_load((TEXTS_DIRECTORY / f"{language}.yaml").read_text("utf-8"))["faults"]
    placeholders = {
        code: {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
        for code, sentence in texts.items()
    }
    assert placeholders == CODES


def test_background_and_places_are_as_strict(tmp_path: Path) -> None:
    path = write(tmp_path, "questions:\n  sv: [simhall?, no]\n  en: [pool?]\n")
    assert load_background(path) == {"sv": ("simhall?", "no"), "en": ("pool?",)}
    path = write(tmp_path, "municipalities: [Ale, Vara]\ntowns: [Vara, Ed]\nordinary_words: [Ale]\n")
    assert load_places(path) == Places(("Ale", "Vara", "Ed"), frozenset({"Ale"}))
    with pytest.raises(KnowledgeError) as raised:
        load_background(path)
    assert [(fault.line, fault.code) for fault in raised.value.faults] == [
        (1, "missing_key"),
        (1, "unknown_key"),
        (2, "unknown_key"),
        (3, "unknown_key"),
    ]
    with pytest.raises(KnowledgeError, match="unreadable_file"):
        load_places(tmp_path / "gone.yaml")


def test_follow_ups_are_as_strict(tmp_path: Path) -> None:
    good = "moves:\n  next:\n    sv: [och sen, no]\n    en: [go on]\nothers:\n  sv: [och skolan]\n"
    path = write(tmp_path, good)
    expected = FollowUps({"next": {"sv": ("och sen", "no"), "en": ("go on",)}}, {"sv": ("och skolan",)})
    assert load_follow_ups(path) == expected
    path = write(tmp_path, good + "questions:\n  sv: [hej]\n")
    with pytest.raises(KnowledgeError) as raised:
        load_follow_ups(path)
    assert [(fault.line, fault.code) for fault in raised.value.faults] == [(7, "unknown_key")]
    path = write(tmp_path, "moves:\n  next: [och sen]\n  why:\n    de: [warum]\n  more:\n    sv: mer\n")
    with pytest.raises(KnowledgeError) as raised:
        load_follow_ups(path)
    assert [(fault.line, fault.code) for fault in raised.value.faults] == [
        (1, "missing_key"),
        (2, "not_mapping"),
        (4, "unknown_language"),
        (6, "not_list"),
    ]
    with pytest.raises(KnowledgeError, match="unreadable_file"):
        load_follow_ups(tmp_path / "gone.yaml")


def test_themes_are_as_strict(tmp_path: Path) -> None:
    one = (
        "{id: climate, title: {sv: Klimat}, questions: {sv: [blir det varmt?]}, errands: {sv: [hur varmt?]}}"
    )
    path = write(tmp_path, f"themes:\n  - {one}\n")
    expected = Theme("climate", {"sv": "Klimat"}, {"sv": ("blir det varmt?",)}, {"sv": ("hur varmt?",)})
    assert load_themes(path) == {"climate": expected}
    path = write(tmp_path, f"themes:\n  - {one}\n  - {one.replace('hur', 'Hur  ')}\n  - {{id: a}}\n  - b\n")
    with pytest.raises(KnowledgeError) as raised:
        load_themes(path)
    assert {(fault.line, fault.code) for fault in raised.value.faults} == {
        (3, "doubled_id"),
        (3, "doubled_theme_line"),
        (4, "missing_key"),
        (5, "not_mapping"),
    }
