"""The pages for what went wrong."""
from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from flask_babel import gettext as _
from labels.errors import ExportError, InputError, N_, StoreError, StudioError, WorkbenchError
from workbench.web.i18n import translated

_LOG = logging.getLogger(__name__)
_SAID = {
    400: (N_("This request could not be understood"),
          N_("Go back, reload the page and try again.")),
    403: (N_("Your role does not allow this"),
          N_("If you need it for your work, ask the lead of the project.")),
    404: (N_("There is no such page"),
          N_("It may have been removed, or the address has a slip.")),
    405: (N_("This address does not do that"),
          N_("Use the buttons and links of the pages.")),
    413: (N_("That is too much at once"),
          N_("Send less than 1 MB; large documents are read on the command line.")),
    500: (N_("Something failed here"),
          N_("Nothing was half done. The log of the server says why; tell the lead.")),
}
_STATUS: tuple[tuple[type[WorkbenchError], int], ...] = (
    (InputError, 400), (ExportError, 409), (StudioError, 502), (StoreError, 503))


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(WorkbenchError, _ours)
    app.register_error_handler(OverflowError, _no_such_number)
    app.register_error_handler(500, _failed)


def _page(status: int, title: str, advice: str) -> tuple[str, int]:
    return render_template("errors/error.html", status=status, title=title,
                           advice=advice), status


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    title, advice = _SAID.get(status, _SAID[500 if status >= 500 else 400])
    return _page(status, _(title), _(advice))


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("This form is no longer valid"),
                 _("Nothing was changed. Go back, reload the page and send it again."))


def _ours(error: WorkbenchError) -> ResponseReturnValue:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    if status >= 500:
        _LOG.error("%s", error)
    return _page(status, _("This could not be done"), translated(error))


def _no_such_number(error: OverflowError) -> ResponseReturnValue:
    """A number in an address that no table can hold names nothing that is there."""
    _LOG.info("%s %s: %s", request.method, request.path, error)
    return _page(404, _(_SAID[404][0]), _(_SAID[404][1]))


def _failed(_error: Exception) -> ResponseReturnValue:
    return _page(500, _(_SAID[500][0]), _(_SAID[500][1]))
