"""The workstation: shows what a session does and asks what a person wants; it decides nothing."""
