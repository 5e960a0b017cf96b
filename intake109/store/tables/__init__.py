"""The tables. A row is stored as given: validate before `store`. No relationships, no lazy loading."""

from intake109.store.tables.alerts import AlertRoundRow, AlertRow, StopRow
from intake109.store.tables.appeals import AppealRow, MergeRow, NumberRow, ReporterRow, RoundRow
from intake109.store.tables.arrivals import BlindSpellRow, CursorRow, EventRow, HealthRow, LookupRow, PauseRow
from intake109.store.tables.base import METADATA
from intake109.store.tables.boards import BoardLinkRow
from intake109.store.tables.catalogue import CatalogueImportRow, RevisionRow
from intake109.store.tables.cluster import AttemptRow, ChoreRow, LeaseRow, ProcessRow
from intake109.store.tables.course import (
    AnswerFileRow,
    AnswerRow,
    CallAttemptRow,
    CallRow,
    SightingRow,
    StepRow,
    WordRow,
)
from intake109.store.tables.marks import MentionMarkRow, PictureMarkRow
from intake109.store.tables.mentions import AttachmentRow, ConversationRow, MentionRow, MessageRow
from intake109.store.tables.models import HistoryRow, ModelRow
from intake109.store.tables.outages import (
    OutageAppealRow,
    OutageChangeRow,
    OutageDraftRow,
    OutageMatchRow,
    OutagePlaceRow,
    OutageRow,
)
from intake109.store.tables.outbox import EarlyStatusRow, OutboxRow
from intake109.store.tables.replies import ReplyRow
from intake109.store.tables.reports import ReportOrderRow, SealRow, SubscriberRow
from intake109.store.tables.routing import OrganisationRow, RouteRow, RoutingDraftRow, SecretRow
from intake109.store.tables.shifts import DutyRow, HandoverRow, ReaderRow, TurnRow
from intake109.store.tables.staff import AuditRow, ChangeRow, SessionRow, UserRow
from intake109.store.tables.tasks import CheckRow, DraftRow, ExampleRow, TaskRow
from intake109.store.tables.texts import TextVersionRow

__all__ = [
    "METADATA",
    "AlertRoundRow",
    "AlertRow",
    "AnswerFileRow",
    "AnswerRow",
    "AppealRow",
    "AttachmentRow",
    "AttemptRow",
    "AuditRow",
    "BlindSpellRow",
    "BoardLinkRow",
    "CallAttemptRow",
    "CallRow",
    "CatalogueImportRow",
    "ChangeRow",
    "CheckRow",
    "ChoreRow",
    "ConversationRow",
    "CursorRow",
    "DraftRow",
    "DutyRow",
    "EarlyStatusRow",
    "EventRow",
    "ExampleRow",
    "HandoverRow",
    "HealthRow",
    "HistoryRow",
    "LeaseRow",
    "LookupRow",
    "MentionMarkRow",
    "MentionRow",
    "MergeRow",
    "MessageRow",
    "ModelRow",
    "NumberRow",
    "OrganisationRow",
    "OutageAppealRow",
    "OutageChangeRow",
    "OutageDraftRow",
    "OutageMatchRow",
    "OutagePlaceRow",
    "OutageRow",
    "OutboxRow",
    "PauseRow",
    "PictureMarkRow",
    "ProcessRow",
    "ReaderRow",
    "ReplyRow",
    "ReportOrderRow",
    "ReporterRow",
    "RevisionRow",
    "RoundRow",
    "RouteRow",
    "RoutingDraftRow",
    "SealRow",
    "SecretRow",
    "SessionRow",
    "SightingRow",
    "StepRow",
    "StopRow",
    "SubscriberRow",
    "TaskRow",
    "TextVersionRow",
    "TurnRow",
    "UserRow",
    "WordRow",
]
