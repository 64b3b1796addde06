"""The measure of reading age agrees with published worked examples, and counts what it says."""

from __future__ import annotations

import pytest

from splw_eval.report.reading_age import measure, syllables

PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
PASSAGE = "This sentence, taken as a reading passage unto itself, is being used to prove a point."

# Counted by hand from a pronouncing dictionary.
SYLLABLES = {
    "people": 2, "questionnaire": 3, "wellbeing": 3, "anxiety": 4, "loneliness": 3, "average": 3,
    "measured": 2, "answered": 2, "service": 2, "practices": 3, "programme": 2, "different": 3,
    "usual": 3, "likely": 2, "little": 2, "rule": 1, "worse": 1, "hidden": 2, "numbers": 2,
    "internet": 3, "patients": 2, "quality": 3, "create": 2, "being": 2, "useful": 2,
    "measurement": 3, "implement": 3, "idea": 3, "trial": 2, "science": 2, "the": 1, "we": 1,
    "moved": 1, "wanted": 2, "changes": 2, "houses": 2, "table": 2, "tables": 2, "don't": 1,
    "earlier": 3, "period": 3, "medium": 3, "society": 4, "reliable": 4, "influence": 3,
}  # fmt: skip


@pytest.mark.parametrize(("word", "count"), SYLLABLES.items())
def test_syllables_of_everyday_words_are_counted_as_they_are_said(word, count):
    assert syllables(word) == count


def test_the_published_example_of_the_grade_comes_out():
    found = measure(PLATYPUS)
    assert (found.words, found.syllables) == (13, 24)
    assert round(found.grade, 1) == 11.3
    assert round(found.ease, 1) == 37.5


@pytest.mark.parametrize(("text", "ease"), [("The cat sat on the mat.", 116), (PASSAGE, 69)])
def test_published_examples_of_reading_ease_come_out(text, ease):
    assert round(measure(text).ease) == ease


@pytest.mark.parametrize(("hard", "rounded"), [(4, 5), (25, 8), (49, 10), (100, 13)])
def test_thirty_sentences_with_so_many_hard_words_have_the_grade_of_mclaughlins_rule(hard, rounded):
    # His rule of thumb: 3 and the root of the count; his equation lies within a grade of it.
    sentences = ["We saw many hospital beds." if i < hard % 30 else "We go." for i in range(30)]
    each = hard // 30
    text = [f"{'hospital ' * each}{sentence}" for sentence in sentences]
    found = measure(text)
    assert (found.sentences, found.hard_words) == (30, hard)
    assert abs(found.smog - rounded) < 1


def test_a_sentence_never_runs_from_one_block_into_the_next():
    assert measure(["One two", "three four."]).sentences == 2
    assert measure("One two three four.").sentences == 1


def test_a_decimal_point_ends_no_sentence_and_a_number_is_one_short_word():
    found = measure("They scored 0.83 points more.")
    assert (found.sentences, found.words, found.syllables) == (1, 5, 5)


def test_names_that_the_writer_cannot_choose_count_as_one_short_word_each():
    plain = measure("We asked about Health-related quality of life (EQ-5D-5L).")
    without = measure(
        "We asked about Health-related quality of life (EQ-5D-5L).",
        names=("Health-related quality of life (EQ-5D-5L)",),
    )
    assert without.words == 4
    assert without.years < plain.years


def test_long_words_and_long_sentences_raise_the_age():
    easy = measure("We saw them. They were well.")
    longer = measure("We saw them and they were well and so we went home and had tea with them.")
    harder = measure("Evaluation demonstrated considerable heterogeneity. They were well.")
    assert easy.years < longer.years < harder.years
    assert easy.smog < harder.smog


def test_a_text_without_a_word_is_refused():
    with pytest.raises(ValueError, match="not one word"):
        measure("… – %")
