"""Parts of addresses."""


class RowIdConverter:
    """A row's number. One that no row can have is an address that does not exist."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Returns the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Returns the number's digits."""
        return str(value)
