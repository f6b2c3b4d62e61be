"""Texts, presentations and spreadsheets of LibreOffice (ODT, ODP, ODS)."""
