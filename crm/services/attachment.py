"""Files of a record: kept in the firm's own folder under a name that nobody chose, served by our views only."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from uuid import uuid4

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from crm.models import Attachment, Case, Customer, Lead, Opportunity
from l10n.text import clean_line
from members.models import User
from tenants import clock

Record = Customer | Lead | Opportunity | Case
LINKS: dict[type[Record], str] = {Customer: "customer", Lead: "lead", Opportunity: "opportunity", Case: "case"}
LONGEST_NAME = 200
# What a browser may show itself. Everything else, and above all HTML and SVG, which can carry scripts, is saved.
SHOWN_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
SAVED_TYPE = "application/octet-stream"
log = structlog.get_logger(__name__)


class NotStored(Exception):
    """The disk or the store did not take the file. Nothing was written."""


def attach(files: Sequence["UploadedFile[Any]"], *, record: Record, by: User) -> list[Attachment]:
    """Keeps the files with the record: all of them or none. Raises NotStored; the record itself is not touched."""
    written: list[Attachment] = []
    try:
        with transaction.atomic():
            for file in files:
                written.append(_made(file, record, by))
                written[-1].save()
    except Exception as error:
        for attachment in written:
            _delete_file(attachment)
        if not isinstance(error, OSError):
            raise
        log.exception("attachment not stored")
        raise NotStored from error
    return written


def remove(attachment: Attachment) -> None:
    """Takes the file away for good; the bytes go when the transaction is in (see `row_deleted`)."""
    attachment.delete()


def row_deleted(instance: Attachment, **_signal: object) -> None:
    """Whatever deleted the row, the bytes follow as soon as that is certain."""
    transaction.on_commit(lambda: _delete_file(instance))


def may_remove(attachment: Attachment, user: User) -> bool:
    return user.pk == attachment.by_id or user.is_manager_or_admin


def type_of(name: str) -> str:
    """By the ending, from our own short list: what the sender's browser says may be a lie."""
    return SHOWN_TYPES.get(PurePath(name).suffix.lower(), SAVED_TYPE)


def safe_name(name: str) -> str:
    """A name for people: no folders, no control or direction marks, the ending kept when it is too long."""
    bare = PurePath(name.replace("\\", "/")).name
    clean = clean_line("".join(letter for letter in bare if letter.isprintable() or letter == "\u200c"))
    if len(clean) > LONGEST_NAME:
        ending = PurePath(clean).suffix[:20]
        clean = clean[: LONGEST_NAME - len(ending)] + ending
    return clean or "file"


def _made(file: "UploadedFile[Any]", record: Record, by: User) -> Attachment:
    name = safe_name(file.name or "")
    attachment = Attachment(
        name=name,
        size=file.size or 0,
        content_type=type_of(name),
        at=clock.now(),
        by=by,
        **{LINKS[type(record)]: record},
    )
    attachment.file.save(uuid4().hex, file, save=False)
    return attachment


def _delete_file(attachment: Attachment) -> None:
    try:
        attachment.file.delete(save=False)
    except OSError:
        # The row is gone, so nobody reaches the file any more; whoever runs the machine is told.
        log.exception("attachment not deleted", attachment=attachment.pk)
