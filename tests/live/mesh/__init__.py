"""A small real mesh on one machine: pods are network namespaces, proxies are real Envoys, istiod's own code configures them.

In: a scenario (a YAML file: pods, services, a compiled tree, steps). Out: one line a step, and an exit code.
It never leaves the machine: the namespaces share one bridge that has no way out.
"""
