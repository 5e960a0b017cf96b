"""Appeals in words: codes become names in the language of the screen or of the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intake109.appeals.terms.deadlines import written
from intake109.queue.rules import Rules
from intake109.review_ui.i18n import LANGUAGES
from intake109.store.tables import AppealRow


@dataclass(frozen=True, slots=True)
class Told:
    """Says of an appeal what its codes mean; a service that left the catalogue keeps its code."""

    rules: Rules
    language: str

    def service(self, appeal: AppealRow) -> str:
        """Return the service's name in the language of the screen."""
        return self.rules.catalogue.service_name(appeal.service, self.language)

    def service_of(self, code: str) -> str:
        """Return a service's name by its code, empty for none."""
        return self.rules.catalogue.service_name(code, self.language) if code else ""

    def executor(self, appeal: AppealRow) -> str:
        """Return the executor's name in the language of the screen."""
        return self.rules.catalogue.executor_name(appeal.executor, self.language)

    def values(self, appeal: AppealRow) -> dict[str, Any]:
        """Return what a reply about this appeal would say, in all languages."""
        catalogue = self.rules.catalogue
        return {
            "services": {language: catalogue.service_name(appeal.service, language) for language in LANGUAGES},
            "executors": {language: catalogue.executor_name(appeal.executor, language) for language in LANGUAGES},
            "deadline": written(appeal.deadline_at, self.rules.zone),
        }
