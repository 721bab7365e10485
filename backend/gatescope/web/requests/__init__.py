"""The bodies of requests, and what they describe: a sequence, a model, the conditions of a run."""
