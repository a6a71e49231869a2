"""The strategy editor: a strategy's files as forms, with what a start would say of them."""
