"""Workbooks of Excel (XLSX)."""
