"""The sample size paragraph of a protocol, sentence by sentence."""
