"""What documents of Word, PowerPoint, Excel and LibreOffice have in common."""
