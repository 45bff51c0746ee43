"""The pages of what staff measure."""
