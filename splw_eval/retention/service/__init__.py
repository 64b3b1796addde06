"""Time with the service and in measurement: episodes, their endings, causes over time."""
