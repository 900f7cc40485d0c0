import logging

from agencies.errors import current_request_id


class ContextFilter(logging.Filter):
    """Every line says for which agency and which request it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        from agencies.scope import scope_label  # logging is configured before models can be imported

        record.agency = scope_label()
        record.request_id = current_request_id() or "-"
        return True
