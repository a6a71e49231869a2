"""Sockets in the outer wall: Protocols, each a written contract that every implementation passes."""
