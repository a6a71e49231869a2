"""Price charts: pyqtgraph, with our own items, axes and grid."""
