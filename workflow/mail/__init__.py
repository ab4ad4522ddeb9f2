"""Letters: putting them in the outbox, rendering them, handing them to a mail server."""
