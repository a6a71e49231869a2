"""Phase 0, the composition root: the only place that knows concrete classes."""
