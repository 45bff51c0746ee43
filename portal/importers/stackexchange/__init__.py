"""The importer of Stack Exchange dumps: ``parse`` reads the files, ``map`` says what a row means, ``load`` keeps it."""
