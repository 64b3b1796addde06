"""What was delivered: stages, contacts, levels, caseload, continuity, reasons of ending."""
