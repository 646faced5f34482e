from __future__ import annotations

from shop.core.errors import ShopError


class UnreadableFile(ShopError):
    """A file that is no table which we can read; the sentence says what is wrong with it, and the mend."""

    code = "unreadable_file"
    status = 400
    title = "The file cannot be read."


class UnknownColumns(ShopError):
    """A file without any column that tells which product a row is of."""

    code = "unknown_columns"
    status = 400
    title = "The columns of the file are not known."


class ExportRefused(ShopError):
    """Something in the catalogue does not fit into a file of this kind."""

    code = "export_refused"
    status = 409
    title = "The export cannot be written like this."


class ImportNotTried(ShopError):
    """An import whose dry run is not over, or was made with the rights of somebody else."""

    code = "import_not_tried"
    status = 409
    title = "Only an import that you have tried can be applied."


class ImportNotReady(ShopError):
    """An import that runs already, or has been applied."""

    code = "import_not_ready"
    status = 409
    title = "This import has been started already."
