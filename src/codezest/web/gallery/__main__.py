"""`python -m codezest.web.gallery OUT`."""

import sys
from pathlib import Path

from codezest.web.gallery import write

write(Path(sys.argv[1]))
