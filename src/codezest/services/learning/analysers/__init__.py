"""What can be said of a learner's program: by rules on this machine, or by a model behind an endpoint.

Analysers take a program and give an `Analysis`; neither knows the database. What rules find is stored as keys with
parameters and put into words when it is read (`wording`), in the reader's language.
"""
