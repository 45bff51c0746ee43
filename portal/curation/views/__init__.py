"""The pages of curation."""
