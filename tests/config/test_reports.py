"""When the nightly report is made, and what goes with it."""

from __future__ import annotations

from datetime import time

import pytest
from pydantic import ValidationError

from intake109.config import Reports


def test_the_report_is_made_at_six_or_never() -> None:
    assert Reports().time == time(6)
    assert Reports(at="").time is None


@pytest.mark.parametrize("values", [{"at": "25:00"}, {"at": "6"}, {"attach": ["html"]}, {"attach": ["docx"]}])
def test_what_makes_no_sense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Reports.model_validate(values)
