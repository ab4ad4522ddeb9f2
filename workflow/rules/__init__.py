"""Pure decisions: standard library only, no I/O, no clock. Rules say yes, or raise a refusal."""
