"""The forms of curation in the CMS."""
