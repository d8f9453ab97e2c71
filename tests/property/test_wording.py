from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.register.wording import WORDINGS, Wording, find_words

GAP = r"[\s_*-]+"


@settings(max_examples=200)
@given(st.data(), st.sampled_from(WORDINGS))
def test_every_form_of_a_wording_is_found_whatever_stands_between_its_words(
    data: st.DataObject, wording: Wording
) -> None:
    forms = re.sub(r"\(\?<!.*?\)", "", wording.forms).replace(r"\s+", GAP)
    text = data.draw(st.from_regex(forms, fullmatch=True))
    for written in (text, text.upper(), f"It is so; {text}."):
        assert list(find_words(written)), written


@settings(max_examples=200)
@given(st.data(), st.sampled_from(WORDINGS))
def test_a_word_is_found_among_other_texts_as_it_is_alone(
    data: st.DataObject, wording: Wording
) -> None:
    text = data.draw(st.from_regex(wording.forms.replace(r"\s+", GAP), fullmatch=True))
    alone = [found.word for found in find_words(text)]
    joined = "\n|\n".join(("The Hub answers.", text, "It ends by itself."))
    assert [found.word for found in find_words(joined)] == alone
