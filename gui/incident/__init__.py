"""When something of ours fails: it is contained, written down without secrets, and can be handed on."""
