"""The tables, as the code sees them. The database is made by `migrations/`; a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

from backend.persistence.alert_tables import case_alerts
from backend.persistence.case_tables import (
    attachments,
    audit,
    case_assignees,
    case_contacts,
    case_history,
    case_messages,
    case_moves,
    cases,
    failed_lookups,
    review_items,
)
from backend.persistence.columns import SCHEMA, bytes_column, metadata, time_column
from backend.persistence.conversation_tables import (
    alarms,
    arrivals,
    contacts,
    conversation_activity,
    conversations,
    dead_letters,
    hand_overs,
    inbox,
    message_templates,
    outbox,
    recipients,
    sent_counts,
    turns,
)
from backend.persistence.desk_tables import (
    absences,
    audit_anchor,
    bulk_steps,
    desk_sessions,
    errands,
    login_failures,
    officer_sign_ons,
    officer_terms,
    officers,
    saved_views,
)
from backend.persistence.field_copy_tables import field_copies
from backend.persistence.figure_tables import case_figures, exports, published_figures
from backend.persistence.handover_tables import handovers_lapor, replies_lapor
from backend.persistence.host_tables import anchor_files, hosts, model_archives, model_parts
from backend.persistence.reference_tables import (
    reference_draft,
    reference_recounts,
    reference_revisions,
    reference_versions,
)
from backend.persistence.training_tables import (
    review_spans,
    review_votes,
    served_models,
    talk_proposals,
    training_examples,
    training_rounds,
)
from backend.persistence.trial_tables import model_trials, trial_turns
from backend.persistence.webhook_tables import webhook_deliveries, webhook_targets

__all__ = [
    "SCHEMA",
    "absences",
    "alarms",
    "anchor_files",
    "arrivals",
    "attachments",
    "audit",
    "audit_anchor",
    "bulk_steps",
    "case_alerts",
    "case_assignees",
    "case_contacts",
    "case_figures",
    "case_history",
    "case_messages",
    "case_moves",
    "cases",
    "contacts",
    "conversation_activity",
    "conversations",
    "dead_letters",
    "desk_sessions",
    "errands",
    "exports",
    "failed_lookups",
    "field_copies",
    "hand_overs",
    "handovers_lapor",
    "hosts",
    "inbox",
    "installation",
    "login_failures",
    "message_templates",
    "metadata",
    "model_archives",
    "model_parts",
    "model_trials",
    "officer_sign_ons",
    "officer_terms",
    "officers",
    "outbox",
    "published_figures",
    "recipients",
    "reference_draft",
    "reference_recounts",
    "reference_revisions",
    "reference_versions",
    "replies_lapor",
    "review_items",
    "review_spans",
    "review_votes",
    "saved_views",
    "sent_counts",
    "served_models",
    "talk_proposals",
    "training_examples",
    "training_rounds",
    "trial_turns",
    "turns",
    "webhook_deliveries",
    "webhook_targets",
]

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("one", sa.Boolean, sa.CheckConstraint("one", name="one"), primary_key=True),
    bytes_column("key_fingerprint"),
    time_column("made_at"),
)
