"""The mixed-model engine: sufficient statistics, criterion, search, inference; arrays only."""
