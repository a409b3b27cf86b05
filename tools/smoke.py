"""`make smoke`: start everything on a free port with a fresh database, walk the learner's journey over HTTP, stop."""

import asyncio

from fixtures.journey import walk
from fixtures.product import running_product

with running_product() as product:
    asyncio.run(walk(product))
print("The journey from registration to a finished module holds.")
