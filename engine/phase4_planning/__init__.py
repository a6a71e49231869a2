"""What, how much and where out; then how; then in the venue's terms."""
