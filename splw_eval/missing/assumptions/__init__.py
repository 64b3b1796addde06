"""The answer under other assumptions about those who were lost."""
